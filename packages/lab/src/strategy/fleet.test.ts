import { describe, expect, test } from 'vitest';
import { scaled } from '../scenario/scale.ts';
import { compare } from '../suite/compare.ts';
import { scenarioNamed, strategyNamed } from '../suite/names.ts';

const scenario = scaled(scenarioNamed('errors-50'), 0.1);

async function figuresOf(strategy: string): Promise<Awaited<ReturnType<typeof compare>>[number]> {
  const [cell] = await compare({ scenarios: [scenario], strategies: [strategyNamed(strategy)], seeds: [1] });
  return cell!;
}

describe('a fleet', () => {
  test('of one kind twice does what that kind does alone', async () => {
    const [alone, twice] = [await figuresOf('jittered'), await figuresOf('jittered+jittered')];
    expect(twice.figures).toEqual(alone.figures);
    expect(Object.keys(twice.parts!)).toEqual(['jittered']);
  });

  test('shows what became of the calls of each kind, and nothing of the server but in all', async () => {
    const { figures, parts } = await figuresOf('none+jittered');
    expect(parts!.none!.attemptsPerCall!.median).toBe(1);
    expect(parts!.jittered!.attemptsPerCall!.median).toBeGreaterThan(1.5);
    expect(parts!.none!.lost!.median! + parts!.jittered!.lost!.median!).toBe(figures.lost!.median);
    expect(parts!.none).not.toHaveProperty('peakLoad');
    expect(figures).toHaveProperty('peakLoad');
  });
});
