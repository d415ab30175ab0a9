import { HttpHandler } from 'msw';

type Parsing = HttpHandler['parse'];
type Logging = HttpHandler['log'];

/** What the scenario answers to a request; nothing if it lets it pass. */
export type Responder = (request: Request) => Promise<Response | undefined>;

/**
 * An MSW handler that makes up its mind while it is being matched. A request that it lets pass thus counts as not
 * matched: later handlers get it, and where none takes it, `onUnhandledRequest` hears of it. With a resolver that returns
 * `undefined` the request would count as matched, and leave for the real network in silence.
 */
export class FailureHandler extends HttpHandler {
  readonly #respond: Responder;
  readonly #responses: WeakMap<Request, Response>;

  constructor(method: string | RegExp, url: string | RegExp, respond: Responder) {
    const responses = new WeakMap<Request, Response>();
    super(method, url, ({ request }) => responses.get(request));
    this.#responses = responses;
    this.#respond = respond;
  }

  override async parse(args: Parameters<Parsing>[0]): ReturnType<Parsing> {
    const parsed = await super.parse(args);
    if (!(await super.predicate({ ...args, parsedResult: parsed }))) return parsed;
    const response = await this.#respond(args.request);
    if (response === undefined) return { ...parsed, match: { ...parsed.match, matches: false } };
    this.#responses.set(args.request, response);
    return parsed;
  }

  /** In a browser MSW prints each answer with its body, which a cut answer does not have in full. */
  override async log(args: Parameters<Logging>[0]): ReturnType<Logging> {
    await super.log(args).catch(() => undefined);
  }
}
