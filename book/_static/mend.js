// What Sphinx and its theme leave out.

// Names for a screen reader, and a role that lists may hold
for (const toggle of document.querySelectorAll(".bd-sidebar-primary summary"))
  toggle.setAttribute("aria-label", `Below ${toggle.closest("li").querySelector("a").textContent.trim()}`);
const title = document.querySelector(".sidebar-primary-item:has(.navbar-brand)");
title?.setAttribute("role", "region");
title?.setAttribute("aria-label", "The book's title");
for (const citation of document.querySelectorAll(".citation-list > .citation")) citation.setAttribute("role", "listitem");

// What is wider than its place (code, text, formulas, tables) says so until it has been scrolled to its end
for (const table of document.querySelectorAll(".bd-article .pst-scrollable-table-container")) {
  const frame = document.createElement("div");
  table.replaceWith(frame);
  frame.append(table);
}
for (const wide of document.querySelectorAll(".bd-article :is(pre, .math, .pst-scrollable-table-container)")) {
  const frame = wide.parentElement;
  frame.classList.add("course-scroll");
  const tell = () => frame.classList.toggle("course-more", wide.scrollWidth - wide.clientWidth - wide.scrollLeft > 1);
  wide.addEventListener("scroll", tell, { passive: true });
  new ResizeObserver(tell).observe(wide);
}

// A picture stands on a card; one that is shown smaller than it is can be enlarged, by a tap or by its button
const enlarged = document.createElement("dialog");
enlarged.className = "course-enlarged";
enlarged.setAttribute("aria-label", "The picture, enlarged");
enlarged.innerHTML = '<button type="button">Close</button><div tabindex="0"></div>';
enlarged.addEventListener("click", ({ target }) => target.closest("div") ?? enlarged.close());
document.querySelector(".bd-article")?.append(enlarged);
for (const picture of document.querySelectorAll(".bd-article :is(.cell_output img[width], p > img, figure img)")) {
  const card = document.createElement("span");
  const button = document.createElement("button");
  card.className = "course-picture";
  Object.assign(button, { type: "button", className: "course-enlarge", textContent: "Enlarge" });
  (picture.closest("a.image-reference") ?? picture).replaceWith(card); // Sphinx's link would lead away from the page
  card.append(picture);
  card.after(button);
  const width = () => picture.getAttribute("width") ?? picture.naturalWidth;
  const fit = () => (button.hidden = picture.clientWidth >= width() - 1);
  const enlarge = () => {
    enlarged.lastElementChild.replaceChildren(picture.cloneNode());
    enlarged.showModal();
  };
  button.addEventListener("click", enlarge);
  card.addEventListener("click", () => button.hidden || enlarge());
  new ResizeObserver(fit).observe(picture);
}

// What is folded, solutions above all, is open on paper
window.addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details.course-fold:not([open])")) fold.open = true;
});
