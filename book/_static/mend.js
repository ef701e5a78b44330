// What a screen reader misses in the pages that Sphinx and its theme make: names, and a role that lists may hold.
for (const toggle of document.querySelectorAll(".bd-sidebar-primary summary"))
  toggle.setAttribute("aria-label", `Below ${toggle.closest("li").querySelector("a").textContent.trim()}`);
const title = document.querySelector(".sidebar-primary-item:has(.navbar-brand)");
title?.setAttribute("role", "region");
title?.setAttribute("aria-label", "The book's title");
for (const citation of document.querySelectorAll(".citation-list > .citation")) citation.setAttribute("role", "listitem");
