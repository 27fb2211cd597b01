/* What somebody wrote in a form, in words, to be read in the outbox where there is no link. */
"use strict";

/** Give what was typed and chosen, each with what it was asked as. */
function written(form) {
  const words = (element) => element?.textContent.replace(/\s+/g, " ").trim();
  const told = [];
  for (const field of form.elements) {
    const chosen = ["checkbox", "radio"].includes(field.type);
    if (!field.labels?.length || field.type === "file" || !(chosen ? field.checked : field.value)) continue;
    const legend = words(field.closest("fieldset")?.querySelector("legend"));
    const label = words(field.labels[0]);
    const value = words(field.selectedOptions?.[0]) || field.value;
    if (chosen) told.push([legend, label]);
    else told.push([field.closest(".row") ? `${legend}: ${label}` : label, value]);
  }
  return told;
}
