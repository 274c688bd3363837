# SPDX-License-Identifier: GPL-2.0
# A real browser for tests; sourced after common.sh.  $browser is empty if there is none.

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)

# dump URL OPTION...: the document after its scripts have run; time runs out the faster the
# less there is to do, whatever it waits for: see with_held
dump() {
	_url=$1
	shift
	timeout 120 "$browser" --headless --no-sandbox \
		--disable-dev-shm-usage --disable-background-networking \
		--disable-component-update --disable-sync --no-first-run \
		--host-resolver-rules='MAP * ~NOTFOUND' \
		--user-data-dir="$dir/profile" --window-size=1400,900 \
		--virtual-time-budget=20000 --dump-dom "$@" "$_url" 2>browser.err
}

# with_held PAGE: the page up to its end, and its errors noted.  While "held" is true there is
# always something to do.
with_held() {
	sed -e 's#<body>#<body><script>window.errors=[];addEventListener("error",e=>errors.push(e.message));\
window.held=true;{const c=new MessageChannel();c.port1.onmessage=()=>held\&\&c.port2.postMessage(0);c.port2.postMessage(0)}</script>#' \
	    -e '/<\/body>/,$d' "$1"
}

# driven NAME: what the document dumped into driven.dom says in <pre id="results">, lines "ok",
# "not ok" and "done"
driven() {
	sed 's/^.*<pre id="results">//; s/<\/pre>.*//; s/&gt;/>/g; s/&lt;/</g; s/&amp;/\&/g' driven.dom |
		grep -E '^(done$|(not )?ok )' >results
	grep -v '^done$' results
	grep -q '^not ok' results && failed=1
	ok "$1" sh -c 'grep -q "^done$" results || { cat browser.err; tail -5 driven.dom; exit 1; }'
}
