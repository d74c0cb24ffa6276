<!doctype html><title>pastebin</title>
<form action="/" method="post" enctype="multipart/form-data"><input type="file" name="file"><button>Upload</button></form>
