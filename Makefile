# `make demo` shows PinGate at work; `make test` proves it; `make bench` measures it. All install what is missing first.

# What the program and the demo need, and what the tests need on top, from Debian's packages.
PACKAGES := ca-certificates libcurl4-openssl-dev libfcgi-dev libhiredis-dev libicu-dev libidn2-dev libpcre2-dev \
  libphonenumber-dev libprotobuf-dev libsqlite3-dev libssl-dev libunistring-dev nginx-light openssl zlib1g-dev
TEST_PACKAGES := apache2-bin apache2-suexec-custom caddy chromium default-jre-headless faketime fcgiwrap h2o haproxy \
  libapache2-mod-auth-openidc libapache2-mod-fcgid libfcgi-bin libnginx-mod-http-js lighttpd lighttpd-mod-openssl \
  lighttpd-modules-lua nodejs php-cli python3 python3-venv redis-server redis-tools shellcheck strace systemd uwsgi-core
# What a bundle is packed with.
BUNDLE_PACKAGES := binutils ca-certificates xz-utils
# What the benchmarks compare with, and measure with.
BENCH_PACKAGES := apache2-bin golang-github-mattn-go-sqlite3-dev golang-go libnginx-mod-http-echo node-ejs node-express php-cgi php-curl \
  php-fpm php-sqlite3 python3 python3-matplotlib redis-server strace wrk

# One static binary: what is uploaded needs glibc on the server, and nothing else. STATIC= takes the shared libraries,
# where this is not Debian 12 but something like it.
STATIC := yes
ifndef STATIC
export PINGATE_SHARED := yes
endif
STATIC_LIBRARIES := $(CURDIR)/.build/static-libraries
# The libraries that only others ask for.
STATIC_FLAGS := -Xswiftc -L$(STATIC_LIBRARIES) -Xswiftc -Xclang-linker -Xswiftc -static-libgcc \
  $(addprefix -Xlinker -l,absent ssl crypto idn2 unistring z stdc++)
# All addresses are written at start (-z now) and locked from then on (RELRO), from a short list of them. Equal functions and
# ends of texts stand there once (some 50 KB).
LINKER_FLAGS := -Xswiftc -use-ld=lld $(addprefix -Xlinker ,-s --no-export-dynamic -z now -O2 --icf=safe $(if $(STATIC),-z pack-relative-relocs))
# The compiler would have each generic type looked up by its name when it is first needed, and for each the runtime goes
# through all 7,000 conformances of the program: some forty times in a CGI program, a fifth of its time.
METADATA_FLAGS := -Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors
# Do not search the program's own folder for libraries: others could put one there, and it costs some forty failed calls at
# each start.
RELEASE_FLAGS := -c release --static-swift-stdlib --disable-local-rpath $(METADATA_FLAGS) $(LINKER_FLAGS) $(if $(STATIC),$(STATIC_FLAGS))
# Continuous integration builds with STRICT=1: no warning, no import that Package.swift does not declare.
STRICT_FLAGS := --explicit-target-dependency-import-check error -Xswiftc -warnings-as-errors
SWIFT_FLAGS := $(if $(STRICT),$(STRICT_FLAGS))

SWIFT_FILES = $(shell git ls-files '*.swift')

.PHONY: all help demo build program bundle test swift-test end-to-end-test fuzz simulate attack sanitize bench lint format numbering-plan static-libraries
.PHONY: deps test-deps bench-deps install uninstall clean

all: build

help: ## list the targets
	@sed -n 's/^\([a-z -]*\):.*## \(.*\)/\1: \2/p' $(MAKEFILE_LIST) | while IFS=: read -r target what; do \
	  printf '  make %-18s%s\n' "$$target" "$${what# }"; done

demo: build ## show PinGate at work in your browser, behind nginx, with a stand-in for Vonage; PORT=8080
	@exec demo/demo

build: program ## make .build/release/pingate, one file to put on a server (this is the default)
	swift build $(RELEASE_FLAGS) --product vonage-sandbox

program: deps static-libraries
	swift build $(RELEASE_FLAGS) --product pingate

# Where `make install` puts things; DESTDIR goes before all of it, for packages. It builds nothing: who may write to
# PREFIX need not be who builds.
PREFIX := /usr
UNITS := $(PREFIX)/lib/systemd/system
SYSCONFDIR := /etc
DESTDIR :=
PROGRAM := .build/release/pingate
install uninstall: ## put what was built where systemd and the examples look for it, or remove it; PREFIX=/usr DESTDIR=
	@PREFIX="$(PREFIX)" UNITS="$(UNITS)" SYSCONFDIR="$(SYSCONFDIR)" DESTDIR="$(DESTDIR)" scripts/install-files $@ "$(PROGRAM)"

# A folder for servers that have another C library, or where nothing can be installed.
bundle: program ## pack it with its C library: .build/bundle/pingate-VERSION-linux-x86_64.tar.xz runs on any Linux
	@scripts/install-packages $(BUNDLE_PACKAGES)
	scripts/bundle .build/release/pingate .build/bundle

test: swift-test end-to-end-test ## run every test

swift-test: test-deps ## run the tests of each module
	swift build $(SWIFT_FLAGS) --build-tests
	scripts/test-modules $(SWIFT_FLAGS)

# pytest has the last word: its closing lines end the output.
end-to-end-test: test-deps .venv/ready $(if $(STATIC),bundle) ## run those of the whole, through real web servers
	swift build $(SWIFT_FLAGS) --build-tests
	PINGATE_BIN="$$(swift build --show-bin-path)" PINGATE_BUNDLE="$$(ls .build/bundle/*.tar.xz || true)" scripts/end-to-end

# The parsers of foreign bytes under libFuzzer. TARGET="token typed-code" runs these only.
SECONDS := 60
fuzz: deps ## run each fuzz target for SECONDS=60
	scripts/fuzz $(SECONDS) $(TARGET)

# Seven days of visitors and attackers against the real limits, with fixed seeds: fails where what is promised is not kept.
# SCENARIO="50 nets" runs what is named so only, and leaves docs/simulation.md alone.
simulate: deps ## run the simulation of the limits, and write docs/simulation.md
	swift build $(RELEASE_FLAGS) --product simulate
	.build/release/simulate $(if $(SCENARIO),"$(SCENARIO)",--write docs)

# A million hostile requests, straight at the program's sockets, over each of the stores: no message more than the budget has.
ATTACK := 1000000
attack: test-deps static-libraries .venv/ready ## send ATTACK=1000000 hostile requests, and see that the budget holds
	swift build $(RELEASE_FLAGS) --product pingate
	swift build $(RELEASE_FLAGS) --product vonage-sandbox
	swift build $(RELEASE_FLAGS) --product visitor-swarm
	PINGATE_BIN=$(CURDIR)/.build/release PINGATE_ATTACK=$(ATTACK) .venv/bin/pytest --quiet -rP Tests/EndToEnd/test_attack.py \
	  -k hostile_registers

# MODULES="FastCGITests CurlTests" runs these only.
SANITIZERS := thread address
sanitize: test-deps ## run the tests of each module under ThreadSanitizer, then under AddressSanitizer
	set -e; for sanitizer in $(SANITIZERS); do MODULES="$(MODULES)" scripts/sanitize $$sanitizer; done

# ROW=register (or several, separated by commas) measures these only, and leaves Benchmarks/RESULTS.md alone.
RUNS := 5
bench: bench-deps static-libraries ## measure it, beside peers; ROW=register for one row
	swift build $(RELEASE_FLAGS) -Xlinker -Map=$(CURDIR)/.build/pingate.map --product pingate
	swift build $(RELEASE_FLAGS) --product store-load
	swift build $(RELEASE_FLAGS) --product unlimited
	swift build $(RELEASE_FLAGS) --product gate-timing
	@PINGATE_BIN=$(CURDIR)/.build/release /usr/bin/python3 Benchmarks/run --runs $(RUNS) $(if $(ROW),--row $(ROW))

lint: ## check the format and the scripts
	swift format lint --strict $(SWIFT_FILES)
	shellcheck $(filter-out %.py %.txt,$(wildcard scripts/*)) demo/demo .ci/run

format: ## put the Swift files into their format
	swift format --in-place $(SWIFT_FILES)

static-libraries: deps
	$(if $(STATIC),@scripts/static-libraries $(STATIC_LIBRARIES))

deps:
	@scripts/install-packages $(PACKAGES)

bench-deps:
	@scripts/install-packages $(PACKAGES) $(BENCH_PACKAGES)

test-deps:
	@scripts/install-packages $(PACKAGES) $(TEST_PACKAGES)

.venv/ready: Tests/EndToEnd/requirements.txt Tests/Differential/requirements.txt
	python3 -m venv .venv
	.venv/bin/pip install --quiet $(addprefix --requirement ,$^)
	touch $@

# The world's numbering plan, out of the newest release of the phonenumbers package: look at what the tests say of it.
numbering-plan: test-deps .venv/ready ## renew the world's numbering plan
	.venv/bin/pip install --quiet --upgrade phonenumbers
	.venv/bin/python scripts/numbering-plan.py

clean: ## remove what was built
	rm -rf .build .demo .venv
