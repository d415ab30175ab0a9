import type { Attributes } from '@opentelemetry/api';
import type { AttemptEvent } from '@paceline/core';
import { ByOrigin } from '../http/by-origin.ts';
import { isErrorStatus, OTHER_ERROR } from '../http/error-type.ts';
import { methodName } from '../http/method.ts';
import { serverOf } from '../http/server.ts';
import { Names, OTHER_HOST } from './names.ts';

/** Enough for any application's errors, and no more than a reader can tell apart. */
const MAX_ERROR_TYPES = 50;

/** The attributes of one server's and method's attempts, by what they came to. Each set is made once. */
export class Series {
  readonly #common: Attributes;
  readonly #errors: Names;
  readonly #byResult = new Map<number | string, Attributes>();

  constructor(common: Attributes, errors: Names) {
    this.#common = common;
    this.#errors = errors;
  }

  answered(status: number): Attributes {
    return this.#byResult.get(status) ?? this.#keep(status, answer(status));
  }

  failed(errorType: string): Attributes {
    const type = this.#errors.of(errorType);
    return this.#byResult.get(type) ?? this.#keep(type, { 'error.type': type });
  }

  #keep(result: number | string, own: Attributes): Attributes {
    const attributes = { ...this.#common, ...own };
    this.#byResult.set(result, attributes);
    return attributes;
  }
}

/** The series of one server, by method. */
interface ServerSeries {
  readonly attributes: Attributes;
  readonly byMethod: Map<string, Series>;
}

/** Finds the series of an attempt. Bounded in every attribute, whatever URLs, methods and errors come. */
export class AllSeries {
  readonly #methods: ReadonlySet<string>;
  readonly #servers: Names;
  readonly #errors = new Names(MAX_ERROR_TYPES, OTHER_ERROR);
  readonly #byOrigin = new ByOrigin<ServerSeries>();

  constructor(maxServers: number, methods: ReadonlySet<string>) {
    this.#methods = methods;
    this.#servers = new Names(maxServers, OTHER_HOST);
  }

  of(event: AttemptEvent): Series {
    const { attributes, byMethod } = this.#byOrigin.of(event.url, () => this.#serverSeries(event));
    const method = methodName(event.method, this.#methods);
    const known = byMethod.get(method);
    if (known !== undefined) return known;
    const series = new Series({ 'http.request.method': method, ...attributes }, this.#errors);
    byMethod.set(method, series);
    return series;
  }

  #serverSeries({ url, host }: AttemptEvent): ServerSeries {
    const { address, port } = serverOf(url, host);
    const isKnown = this.#servers.of(`${address} ${port}`) !== OTHER_HOST;
    const attributes: Attributes = { 'server.address': isKnown ? address : OTHER_HOST };
    if (isKnown && port !== undefined) attributes['server.port'] = port;
    return { attributes, byMethod: new Map() };
  }
}

function answer(status: number): Attributes {
  const code = { 'http.response.status_code': status };
  return isErrorStatus(status) ? { ...code, 'error.type': String(status) } : code;
}
