const settled = new WeakSet<object>();

/** Says that nobody writes to an array any more, so that what several metrics need of it is worked out once. */
export function settle<T extends object>(values: T): T {
  settled.add(values);
  return values;
}

/** What `make` makes of an array, remembered where that is settled. */
export function once<K extends object, V>(make: (values: K) => V): (values: K) => V {
  const known = new WeakMap<K, V>();
  return (values) => {
    if (!settled.has(values)) return make(values);
    let made = known.get(values);
    if (made === undefined) known.set(values, (made = make(values)));
    return made;
  };
}
