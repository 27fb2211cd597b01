/* Photos are made smaller on the phone, before they travel: at most 2000 pixels, as JPEG.

What cannot be read here (HEIC in most browsers, documents) goes as it is; the server makes all photos anew. */
"use strict";

(() => {
  const LONGEST = 2000, QUALITY = 0.82, WORTH_IT = 400_000; // bytes

  async function smaller(file) {
    if (!file.type.startsWith("image/") || file.size < WORTH_IT) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
      return made && made.size < file.size ? new File([made], "photo.jpg", { type: "image/jpeg" }) : file;
    } catch {
      return file;
    }
  }

  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.matches('input[type="file"][accept^="image/*"]') || !input.files.length) return;
    const chosen = [...input.files], kept = new DataTransfer();
    for (const file of await Promise.all(chosen.map(smaller))) kept.items.add(file);
    // Somebody may have chosen others meanwhile.
    if (chosen.every((file, place) => input.files[place] === file)) input.files = kept.files;
  });
})();
