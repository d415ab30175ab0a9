import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { context, metrics, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { createPaceline, type Paceline } from '@paceline/core';
import { type InstrumentOptions, instrument } from '@paceline/otel';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import * as exported from '../src/index.ts';
import { KEY, type World, worldOf } from './world.ts';

const DURATION = 'http.client.request.duration';

async function countsOf(world: World): Promise<{ attempts: unknown; spans: number }> {
  const [point] = await world.points(DURATION);
  const attempts = typeof point?.value === 'object' ? point.value.count : 0;
  return { attempts, spans: world.spans().length };
}

test('the package exports one function', () => {
  expect(Object.keys(exported)).toEqual(['instrument']);
});

describe('the providers', () => {
  test('are the global ones unless told otherwise', async () => {
    const world = worldOf();
    metrics.setGlobalMeterProvider(world.meterProvider);
    trace.setGlobalTracerProvider(world.tracerProvider);
    onTestFinished(() => {
      metrics.disable();
      trace.disable();
    });
    instrument(world.pace);
    await world.call();
    expect(await countsOf(world)).toEqual({ attempts: 1, spans: 1 });
  });

  test('may be missing: then nothing is reported and nothing breaks', async () => {
    const world = worldOf();
    instrument(world.pace)();
    instrument(world.pace);
    expect(await world.call()).toMatchObject({ kind: 'answered' });
  });

  test('false leaves out metrics, or spans', async () => {
    const world = worldOf();
    const { meterProvider, tracerProvider } = world;
    const end = instrument(world.pace, { meterProvider, tracerProvider: false });
    await world.call();
    expect(await countsOf(world)).toEqual({ attempts: 1, spans: 0 });
    end();
    instrument(world.pace, { meterProvider: false, tracerProvider });
    await world.call();
    expect(await countsOf(world)).toEqual({ attempts: 1, spans: 1 });
  });
});

describe('instrumenting twice', () => {
  test('counts nothing twice, and lasts until both have ended it', async () => {
    const world = worldOf();
    const [end, endOther] = [instrument(world.pace, world), instrument(world.pace, world)];
    await world.call();
    expect(await countsOf(world)).toEqual({ attempts: 1, spans: 1 });
    end();
    end();
    await world.call();
    expect(await countsOf(world)).toEqual({ attempts: 2, spans: 2 });
    endOther();
    await world.call();
    expect(await countsOf(world)).toEqual({ attempts: 2, spans: 2 });
  });

  test('for two providers reports to each', async () => {
    const [world, other] = [worldOf(), worldOf()];
    instrument(world.pace, world);
    instrument(world.pace, other);
    await world.call();
    expect(await countsOf(world)).toEqual({ attempts: 1, spans: 1 });
    expect(await countsOf(other)).toEqual({ attempts: 1, spans: 1 });
  });

  test('works again after it has ended', async () => {
    const world = worldOf();
    instrument(world.pace, world)();
    instrument(world.pace, world);
    await world.call();
    expect(await countsOf(world)).toEqual({ attempts: 1, spans: 1 });
  });
});

describe('uninstrumenting', () => {
  test('leaves no listener, no observable callback and nothing on the engine', async () => {
    const world = worldOf();
    const keys = Object.getOwnPropertySymbols(world.pace);
    const ended: boolean[] = [];
    const { subscribe } = world.pace;
    vi.spyOn(world.pace, 'subscribe').mockImplementation((listener, types) => {
      const end = subscribe.call(world.pace, listener, types);
      const index = ended.push(false) - 1;
      return () => {
        ended[index] = true;
        end();
      };
    });
    const snapshot = vi.spyOn(world.pace, 'snapshot');
    const end = instrument(world.pace, world);
    await world.call();
    await world.metrics();
    expect(snapshot).toHaveBeenCalledOnce();

    end();
    await world.metrics();
    expect(snapshot).toHaveBeenCalledOnce();
    expect(ended).toEqual([true, true]);
    expect(Object.getOwnPropertySymbols(world.pace)).toEqual(keys);
  });

  test('ends the spans of attempts under way, and takes no notice of how those end', async () => {
    const world = worldOf();
    const end = instrument(world.pace, world);
    const settled = world.call({ afterMs: 1_000 });
    end();
    expect(world.spans()).toHaveLength(1);
    await world.clock.advance(1_000);
    expect(await settled).toMatchObject({ kind: 'answered' });
    expect(await countsOf(world)).toEqual({ attempts: 0, spans: 1 });
  });

  test('instrumenting takes no notice of attempts that are under way', async () => {
    const world = worldOf();
    void world.call({ afterMs: 1_000 });
    instrument(world.pace, world);
    await world.clock.advance(1_000);
    expect(await countsOf(world)).toEqual({ attempts: 0, spans: 0 });
  });
});

test('nothing of a call is kept when it is over, whichever way it ended', async () => {
  const world = worldOf({ defaults: { concurrency: 1, queue: { maxLength: 1 }, retry: { maxRetries: 1 } } });
  // An exporter would keep the spans, and they their context.
  instrument(world.pace, { meterProvider: world.meterProvider, tracerProvider: new TracerProvider() });
  const callers: WeakRef<object>[] = [];
  const callWith = (...args: Parameters<World['call']>): void => {
    const caller = {};
    callers.push(new WeakRef(caller));
    context.with(ROOT_CONTEXT.setValue(KEY, caller), () => void world.call(...args));
  };
  const controller = new AbortController();
  callWith({ status: 503 });
  await world.clock.advance(10_000);
  callWith({ afterMs: 1_000 });
  callWith({}, { signal: controller.signal });
  callWith({});
  controller.abort();
  callWith({}, { options: { cost: 5 } });
  callWith({}, { options: { maxWaitMs: 10 } });
  await world.clock.advance(10_000);
  world.contexts.length = 0;

  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(callers.map((caller) => caller.deref())).toEqual(callers.map(() => undefined));
});

test('a provider that throws changes nothing for the call', async () => {
  const report = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => report.mockRestore());
  const world = worldOf();
  const tracer = world.tracerProvider.getTracer('broken');
  const broken = (): never => {
    throw new Error('broken');
  };
  const tracerProvider = { getTracer: () => ({ ...tracer, startSpan: broken, startActiveSpan: broken }) };
  instrument(world.pace, { tracerProvider, meterProvider: world.meterProvider });
  expect(await world.call()).toMatchObject({ kind: 'answered', status: 200 });
  expect(report).toHaveBeenCalledOnce();
  expect((await countsOf(world)).attempts).toBe(1);
});

describe('wrong options', () => {
  test.each([
    [{ maxHosts: -1 }, RangeError],
    [{ maxHosts: 1.5 }, RangeError],
    [{ maxHosts: Number.NaN }, RangeError],
    [{ knownMethods: 7 }, TypeError],
    [{ tracerProvider: {} }, TypeError],
    [{ meterProvider: {} }, TypeError],
  ])('%o is refused, and nothing is installed', (options, kind) => {
    const pace: Paceline = createPaceline();
    const [subscribe, keys] = [vi.spyOn(pace, 'subscribe'), Object.getOwnPropertySymbols(pace)];
    expect(() => instrument(pace, options as InstrumentOptions)).toThrow(kind);
    expect(subscribe).not.toHaveBeenCalled();
    expect(Object.getOwnPropertySymbols(pace)).toEqual(keys);
  });
});
