import { watchUrl } from '@paceline/dashboard';
import { InputError } from '../policy/json-policy.ts';
import { numberOf, readArguments } from './arguments.ts';
import type { Command } from './command.ts';

export const watch: Command = {
  name: 'watch',
  usage: 'watch URL [--token …] [--every-ms 1000]',
  does: 'Shows a live table of the engine whose dashboard is at the URL, which may hold the token: URL#token=…',
  run: async (args) => {
    const parsed = readArguments(args, { token: { type: 'string' }, 'every-ms': { type: 'string' } });
    const { values, positionals } = parsed;
    const intervalMs = numberOf(parsed, 'every-ms', { from: 50 });
    if (positionals.length !== 1) throw new InputError('watch: expected one URL, that of a dashboard');
    const [url = ''] = positionals;
    try {
      await watchUrl(url, {
        ...(typeof values.token === 'string' && { token: values.token }),
        ...(intervalMs !== undefined && { intervalMs }),
      });
    } catch (error) {
      throw new InputError(`watch: ${(error as Error).message}`, { cause: error });
    }
  },
};
