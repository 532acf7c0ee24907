() => {
  const place = text => {
    const walk = document.createTreeWalker(document.querySelector("#live"), NodeFilter.SHOW_TEXT);
    const found = [];
    while (walk.nextNode()) if (walk.currentNode.textContent.includes(text) && !walk.currentNode.parentElement.closest(".doubt")) {
      const range = document.createRange();
      range.selectNodeContents(walk.currentNode);
      const box = range.getBoundingClientRect();
      if (box.width) found.push([Math.round(box.left), Math.round(box.top)]);
    }
    return found;
  };
  return [place("25-34.5N"), place("056-12.3E")];
}
