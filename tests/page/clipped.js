() => {
  const bad = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight)
      bad.push(`page ${root.scrollWidth}x${root.scrollHeight}`);
  for (const element of document.querySelectorAll("#page *, #over *")) {
    if (!element.checkVisibility({visibilityProperty: true}) || element.closest(".unseen, option, canvas, meter, select")) continue;
    const box = element.getBoundingClientRect();
    const scrolls = element.closest("[data-scrolls]");
    const text = (element.innerText ?? "").slice(0, 30);
    const name = `${element.tagName}.${element.className} ${text}`;
    if (!scrolls && (box.left < -1 || box.right > innerWidth + 1 || box.top < -1 || box.bottom > innerHeight + 1))
      bad.push(`outside: ${name} ${Math.round(box.left)}..${Math.round(box.right)}`);
    if (element.matches("[data-scrolls]") || getComputedStyle(element).display === "inline") continue;
    // Letters of Arabic reach beyond their line; what is cut is what a box hides.
    const hides = getComputedStyle(element).overflow !== "visible";
    if (element.scrollWidth > element.clientWidth + 1 && (hides || !scrolls))
      bad.push(`wide: ${name} ${element.scrollWidth}>${element.clientWidth}`);
    if (hides && element.scrollHeight > element.clientHeight + 3)
      bad.push(`high: ${name} ${element.scrollHeight}>${element.clientHeight}`);
  }
  return bad;
}
