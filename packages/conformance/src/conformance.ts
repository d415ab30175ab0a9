import { constant, createPaceline } from '@paceline/core';
import { describe, expect, test } from 'vitest';
import { type Client, nameOf } from './client.ts';
import { expectApart, expectReport } from './expectations.ts';
import { play } from './play/play.ts';
import { realTime, virtualTime } from './play/time.ts';
import { requestTo } from './requests.ts';
import { expectedOf } from './scenario.ts';
import { SCENARIOS } from './scenarios/scenarios.ts';
import { mswStages } from './stage/msw.ts';
import { deadStage, socketStage } from './stage/sockets.ts';
import { arrivalTimes, bodyOf } from './stage/stage.ts';

/**
 * Registers the tests that every client has to pass: the whole table of scenarios, over real sockets in real time and
 * over MSW on a virtual clock, and what else holds for each of them. A new adapter describes its client and calls this in
 * a test file of its own.
 */
export function conformance(client: Client): void {
  const name = nameOf(client);
  // Sockets first: axios keeps the Request class that it meets first, and MSW's is of no use without MSW.
  describe.concurrent(`${name} over sockets`, () => overSockets(client));
  describe(`${name} over MSW`, () => overMsw(client));
  describe(name, () => onItsOwn(client));
}

function overSockets(client: Client): void {
  const scenarios = SCENARIOS.filter(({ over, needsOwnTimeout }) => {
    return over !== 'msw' && (client.hasOwnTimeout || !needsOwnTimeout);
  });
  test.for(scenarios)('$name', async (scenario, { onTestFinished }) => {
    const { server } = scenario;
    const stage = server === 'nobody' ? deadStage : await socketStage(server, onTestFinished);
    const report = await play(scenario, () => client, { stage, time: realTime });
    const expected = expectedOf(scenario, client);
    expectReport(report, stage.received, expected);
    expectApart(report.log.attemptTimes(), expected);
  });
}

function overMsw(client: Client): void {
  const stageOf = mswStages();
  const scenarios = SCENARIOS.filter(({ over }) => over !== 'sockets');
  test.for(scenarios)('$name', async (scenario) => {
    const time = virtualTime();
    const stage = stageOf(scenario.server, time.clock);
    const report = await play(scenario, () => client, { stage, time });
    const expected = expectedOf(scenario, client);
    expectReport(report, stage.received, expected);
    expectApart(arrivalTimes(stage), expected);
  });
}

function onItsOwn(client: Client): void {
  test('hooks, interceptors and transforms run once a call, however often it is sent', async ({ onTestFinished }) => {
    const heard: string[] = [];
    const pace = createPaceline({ defaults: { retry: { backoff: constant(1) } } });
    const send = client.connect(pace, (hook) => heard.push(hook));
    const { origin, received } = await socketStage([503, 'reset', 200], onTestFinished);
    const answer = await send(requestTo(origin, { method: 'PUT', body: { kind: 'plain', value: 'thrice' } }));
    expect(await answer.text()).toBe(bodyOf(3));
    expect(received.map(({ body }) => body)).toEqual(['thrice', 'thrice', 'thrice']);
    expect(heard).toEqual(client.hooks);
  });

  test(`a call ${client.joinsAtOnce ? 'has' : 'has not'} its place in line when the function returns`, async () => {
    const pace = createPaceline();
    pace.hold('api.test', 60_000);
    const call = client
      .connect(pace)(requestTo('http://api.test'))
      .catch((error: unknown) => error);
    expect(pace.snapshot().lanes).toMatchObject([{ host: 'api.test', queued: client.joinsAtOnce ? 1 : 0 }]);
    await pace.close();
    expect(client.refusalIn(await call)?.code).toBe('CLOSED');
  });

  test('options that are wrong are told of before anything is sent', async ({ onTestFinished }) => {
    const { origin, received } = await socketStage([], onTestFinished);
    const send = client.connect(createPaceline());
    const error = await send(requestTo(origin, { options: { cost: -1 } })).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RangeError);
    expect(received).toEqual([]);
  });
}
