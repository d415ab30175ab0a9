import type { Settings } from '../wire/views.ts';

/** One number of a host's policy that can be set. */
export interface Control {
  readonly id: string;
  readonly label: string;
  readonly help?: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** A slider over several orders of magnitude moves by factors. */
  readonly isLogarithmic: boolean;
  /** What the absence of a number is called; undefined where there has to be one. */
  readonly none?: string;
  /** Where the slider starts if there was none. */
  readonly start: number;
  /** The number in force; null is none. */
  read(settings: Settings): number | null;
  /** The change that sets it. */
  patch(settings: Settings, value: number | null): Partial<Settings>;
}

/** Everything that can be set of a host with such settings: rates come one by one. */
export function controlsOf(settings: Settings): readonly Control[] {
  const rates = Math.max(1, settings.rate.length);
  return [...Array.from({ length: rates }, (_, index) => rateControls(settings, index)).flat(), ...OTHERS];
}

const OTHERS: readonly Control[] = [
  {
    id: 'concurrency',
    label: 'Concurrency',
    min: 1,
    max: 200,
    step: 1,
    isLogarithmic: true,
    none: 'unlimited',
    start: 10,
    read: ({ concurrency }) => concurrency,
    patch: (_, concurrency) => ({ concurrency }),
  },
  {
    id: 'retries',
    label: 'Retries per call',
    min: 0,
    max: 10,
    step: 1,
    isLogarithmic: false,
    none: 'off',
    start: 3,
    read: ({ retry }) => (retry ? retry.maxRetries : null),
    patch: (_, maxRetries) => ({ retry: maxRetries !== null && { maxRetries } }),
  },
  {
    id: 'budget-ratio',
    label: 'Budget: retries per first attempt',
    min: 0,
    max: 2,
    step: 0.05,
    isLogarithmic: false,
    none: 'off',
    start: 0.2,
    read: ({ budget }) => (budget ? budget.ratio : null),
    patch: ({ budget }, ratio) => ({ budget: ratio !== null && { minPerSecond: 1, ...budget, ratio } }),
  },
  {
    id: 'budget-floor',
    label: 'Budget: retries per second in any case',
    min: 0,
    max: 20,
    step: 0.5,
    isLogarithmic: false,
    none: 'off',
    start: 1,
    read: ({ budget }) => (budget ? budget.minPerSecond : null),
    patch: ({ budget }, minPerSecond) => ({ budget: minPerSecond !== null && { ratio: 0.2, ...budget, minPerSecond } }),
  },
];

function rateControls(settings: Settings, index: number): readonly Control[] {
  const which = settings.rate.length > 1 ? ` ${index + 1}` : '';
  const { perMs = 1_000 } = settings.rate[index] ?? {};
  const fresh = { limit: 10, perMs, burst: null };
  const withRate = (now: Settings, rate: Partial<Settings['rate'][number]>): Partial<Settings> => {
    const own = { ...(now.rate[index] ?? fresh), ...rate };
    return { rate: now.rate.length <= index ? [...now.rate, own] : now.rate.with(index, own) };
  };
  return [
    {
      id: `rate-${index}`,
      label: `Rate${which}, ${perMs === 1_000 ? 'attempts per second' : `attempts in ${perMs / 1_000} s`}`,
      min: 0.1,
      max: 1_000,
      step: 0.1,
      isLogarithmic: true,
      none: 'unlimited',
      start: 10,
      read: ({ rate }) => rate[index]?.limit ?? null,
      patch: (now, limit) =>
        limit === null ? { rate: now.rate.filter((_, other) => other !== index) } : withRate(now, { limit }),
    },
    {
      id: `burst-${index}`,
      label: `Burst${which}, attempts at once after a rest`,
      min: 1,
      max: 1_000,
      step: 1,
      isLogarithmic: true,
      none: "a second's worth",
      start: 10,
      read: ({ rate }) => rate[index]?.burst ?? null,
      patch: (now, burst) => withRate(now, { burst }),
    },
  ];
}

/** Steps of a slider that moves by factors. */
const SLIDER_STEPS = 200;

/** Where a slider stands for a value. */
export function toSlider({ min, max, isLogarithmic }: Control, value: number): number {
  if (!isLogarithmic) return value;
  return Math.round((Math.log(Math.min(max, Math.max(min, value)) / min) / Math.log(max / min)) * SLIDER_STEPS);
}

/** The value that a slider stands for: two digits are enough, and whole where the control is. */
export function fromSlider({ min, max, step, isLogarithmic }: Control, position: number): number {
  if (!isLogarithmic) return position;
  const exact = min * (max / min) ** (position / SLIDER_STEPS);
  return step >= 1 ? Math.round(exact) : Number(exact.toPrecision(2));
}

/** Range and step of the slider itself. */
export function sliderRange({ min, max, step, isLogarithmic }: Control): { min: number; max: number; step: number } {
  return isLogarithmic ? { min: 0, max: SLIDER_STEPS, step: 1 } : { min, max, step };
}
