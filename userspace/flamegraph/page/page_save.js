// SPDX-License-Identifier: GPL-2.0
/* What can be taken along: a picture, or a stack as text. */

function download(blob, name)
{
	const link = document.createElement("a");
	const place = URL.createObjectURL(blob);

	Object.assign(link, { href: place, download: name });
	link.click();
	setTimeout(() => URL.revokeObjectURL(place), 60000);
}

function fileName(ending)
{
	return document.title.replace(/[^\w.-]+/g, "_").slice(0, 80) + "." + ending;
}

function escaped(text)
{
	return text.replace(/[&<>"']/g, c => "&#" + c.charCodeAt(0) + ";");
}

/* All rows, also those that are scrolled away. */
function svgText()
{
	const height = rows.length * ROW;
	const head = 44;
	const parts = [];
	const round = n => Math.round(n * 100) / 100;
	const text = (name, x, y, alpha) => parts.push(
		'<text x="', round(x), '" y="', y + ROW / 2 + 4, '" fill-opacity="', alpha, '">', escaped(name), "</text>");

	rows.forEach((row, r) => {
		for (const box of row) {
			parts.push("<g><title>", escaped(boxText(box) + ": " + describe(box)), "</title>");
			paintBox(box, rowTop(r) + head,
				 (x, y, w, h, colour, alpha) => parts.push(
					'<rect x="', round(x), '" y="', y, '" width="', round(w), '" height="', h,
					'" fill="', colour, '" fill-opacity="', alpha, '"/>'),
				 text);
			parts.push("</g>\n");
		}
		paintMore(row, rowTop(r) + head, text);
	});
	return '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="' + width +
		'" height="' + (height + head) + '" font-family="monospace" font-size="12" fill="' + colours.text + '">\n' +
		'<rect width="100%" height="100%" fill="' + colours.page + '"/>\n' +
		'<text x="3" y="16" font-size="15">' + escaped($("title").textContent) + "</text>\n" +
		'<text x="3" y="34">' + escaped(profile.about[profile.about.length - 1]) + "</text>\n" +
		parts.join("") + "</svg>\n";
}

function saveSvg()
{
	download(new Blob([svgText()], { type: "image/svg+xml" }), fileName("svg"));
}

function pngBlob()
{
	const sheet = document.createElement("canvas");
	const context = sheet.getContext("2d");
	const scale = Math.max(2, devicePixelRatio);

	sheet.width = width * scale;
	sheet.height = rows.length * ROW * scale;
	context.scale(scale, scale);
	paint(context, 0, rows.length * ROW);
	return new Promise(done => sheet.toBlob(done, "image/png"));
}

async function savePng()
{
	download(await pngBlob(), fileName("png"));
}

/* As stackid script has it: the innermost first, the thread last. */
function stackText(box)
{
	const path = pathTo(box.t, box.i).map(f => labels[f]);
	const root = state.view === "sandwich" ? [labels[box.t.frame[0]]] : [];

	if (box.more)
		path.pop();
	/* Trees of callers are in that order already. */
	return (box.t.up ? root.concat(path) : path.reverse().concat(root)).join("\n") + "\n";
}

async function copyStack()
{
	const box = boxAt(at) || zoomBox();
	const text = stackText(box);

	try {
		await navigator.clipboard.writeText(text);
	} catch {
		/* Some browsers give a file no clipboard but this one. */
		const field = document.createElement("textarea");

		field.value = text;
		document.body.append(field);
		field.select();
		document.execCommand("copy");
		field.remove();
	}
	$("says").textContent = "Copied the stack of " + boxText(box) + ", " +
		plural(text.split("\n").length - 1, "line") + ".";
}
