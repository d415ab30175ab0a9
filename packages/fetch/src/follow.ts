/** Knows a controller as long as somebody else does. */
type Follower = Pick<WeakRef<AbortController>, 'deref'>;

/**
 * Bodies that an abort of one signal ends, by their controllers; also the one listener that they take. Weak, because a
 * controller's own listeners may hold the body, which then would never be garbage.
 */
class Followers extends Set<Follower> implements EventListenerObject {
  handleEvent({ target }: Event): void {
    for (const link of this) link.deref()?.abort((target as AbortSignal).reason);
  }
}

const followersOf = new WeakMap<AbortSignal, Followers>();

/** Lets a controller live as long as its body. */
const linkOf = new WeakMap<WeakKey, AbortController>();

/** Knows when a body is garbage. Where a runtime lacks it, followers stay as long as the signal. */
const collected: FinalizationRegistry<() => void> | undefined =
  typeof FinalizationRegistry === 'function' ? new FinalizationRegistry((leave) => leave()) : undefined;

/**
 * Aborts `link` when `signal` aborts, as long as `body` is in use. Nobody tells when a body has been read, so the link
 * goes when the body is collected, and the listener with a signal's last link. `AbortSignal.any` would do the same if it
 * did not leak in Node on signals that live long (nodejs/node#54614).
 */
export function followAbort(signal: AbortSignal, link: AbortController, body: WeakKey): void {
  const follower = followerOf(link);
  const followers = followersOf.get(signal) ?? new Followers();
  linkOf.set(body, link);
  followersOf.set(signal, followers.add(follower));
  signal.addEventListener('abort', followers);
  collected?.register(body, () => {
    followers.delete(follower);
    if (followers.size === 0) signal.removeEventListener('abort', followers);
  });
}

/** Not in the function above, whose other closure would then hold the controller as well. */
function followerOf(link: AbortController): Follower {
  return collected ? new WeakRef(link) : { deref: () => link };
}
