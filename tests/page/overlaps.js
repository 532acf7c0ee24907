() => {
  const boxes = [...document.querySelectorAll("#live button, #live .field, #live h3, #live .fact, #live .deadline, .bar-part > *, #keys > *, #alarms > *")]
    .filter(one => one.checkVisibility() && one.getBoundingClientRect().width > 0 && !one.closest("[data-scrolls]"));
  const bad = [];
  boxes.forEach((one, index) => boxes.slice(index + 1).forEach(other => {
    if (one.contains(other) || other.contains(one)) return;
    const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left), high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 2 && high > 3)
      bad.push(`${one.className} ${one.innerText} / ${other.className} ${other.innerText}`);
  }));
  return bad;
}
