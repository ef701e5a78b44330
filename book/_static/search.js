// Sphinx's search, on a page that may be opened from the file system, where no other page can be fetched.

// Excerpts are cut from the texts that the book has written beside its pages
const root = new URL(document.documentElement.dataset.content_root, document.baseURI).href;
window.fetch = async (address) => {
  const page = document.createElement("div");
  page.setAttribute("role", "main");
  page.textContent = window.courseTexts[new URL(address, document.baseURI).href.replace(root, "").replace(/[?#].*/, "")];
  return { text: async () => page.outerHTML };
};

// A page that has a word in its text and in its index is one result: the best of them, which comes last
const perform = Search._performSearch;
Search._performSearch = (...query) =>
  perform(...query).filter(([page], i, all) => all.findLastIndex(([other]) => other === page) === i);

// An excerpt begins and ends with a whole word
const summarise = Search.makeSearchSummary;
Search.makeSearchSummary = (...page) => {
  const excerpt = summarise(...page);
  if (excerpt) excerpt.textContent = excerpt.textContent.replace(/^\.{3}\S*/, "…").replace(/\S*\.{3}$/, "…");
  return excerpt;
};
