// SPDX-License-Identifier: GPL-2.0
/* In chrome://tracing's viewer, as Go has it: what its importer makes of window.trace. */
"use strict";
document.addEventListener("HTMLImportsLoaded", () => {
	const model = new tr.Model();
	const options = new tr.importer.ImportOptions();
	const titles = frame => (frame ? [...titles(frame.parentFrame), frame.title] : []);
	const events = [];

	options.shiftWorldToZero = false;
	try {
		new tr.importer.Import(model, options).importTraces([window.trace]);
		for (const thread of model.getAllThreads()) {
			for (const event of thread.getDescendantEvents()) {
				if (event.args && (event.startStackFrame || event.args.stack))
					events.push([event.title, thread.name, thread.tid, event.duration, event.args.stack,
						     titles(event.startStackFrame)]);
			}
		}
	} catch (error) {
		window.errors.push(error.stack);
	}
	/* The polyfills that the viewer runs on hide what is in the body. */
	document.title = btoa(unescape(encodeURIComponent(JSON.stringify({
		events, errors: window.errors, warnings: model.importWarnings.map(w => w.message),
	}))));
	window.held = false;
});
