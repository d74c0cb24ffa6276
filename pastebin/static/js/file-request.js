/** The page of a file request: files are dropped on it, and how far they are is shown. */
const form = document.getElementById("request");

/** Send the form; what the page says afterwards comes from the server. */
function send(event) {
  event.preventDefault();
  const [button, progress, fault] = ["button", "progress", "[data-fault]"].map((part) => form.querySelector(part));
  const request = new XMLHttpRequest();
  const stop = (words) => {
    button.disabled = false;
    progress.hidden = true;
    fault.textContent = words;
  };
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  request.upload.onprogress = ({ loaded, total }) => {
    progress.value = loaded / total;
  };
  request.onload = () => {
    if (request.status === 201) location.assign(`${form.action}?sent=${request.response.files.length}`);
    else stop(request.response?.error?.message ?? form.dataset.failed);
  };
  request.onerror = () => stop(form.dataset.failed);
  button.disabled = true;
  progress.hidden = false;
  progress.value = 0;
  fault.textContent = "";
  request.send(new FormData(form));
}

/** Choose the files that are dropped anywhere on the page. */
function drop(event) {
  event.preventDefault();
  if (event.dataTransfer?.files.length) form.querySelector("[type=file]").files = event.dataTransfer.files;
}

if (form) {
  form.addEventListener("submit", send);
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", drop);
}
