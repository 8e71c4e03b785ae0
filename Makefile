# `make demo` shows PinGate at work; `make test` proves it; `make bench` measures it. All install what is missing first.

# What the program and the demo need, and what the tests need on top, from Debian's packages.
PACKAGES := ca-certificates libcurl4-openssl-dev libfcgi-dev libhiredis-dev libicu-dev libidn2-dev libpcre2-dev \
  libphonenumber-dev libprotobuf-dev libsqlite3-dev libssl-dev libunistring-dev nginx-light openssl zlib1g-dev
TEST_PACKAGES := apache2-bin caddy chromium default-jre-headless faketime h2o haproxy libfcgi-bin lighttpd \
  lighttpd-mod-openssl python3 python3-venv redis-server redis-tools shellcheck systemd
# What the benchmarks compare with, and measure with.
BENCH_PACKAGES := golang-go libnginx-mod-http-echo node-ejs node-express php-cgi php-curl php-fpm python3 python3-matplotlib \
  redis-server wrk

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
# All addresses are written at start (-z now) and locked from then on (RELRO), from a short list of them.
LINKER_FLAGS := -Xswiftc -use-ld=lld $(addprefix -Xlinker ,-s --no-export-dynamic -z now $(if $(STATIC),-z pack-relative-relocs))
# The compiler would have each generic type looked up by its name when it is first needed, and for each the runtime goes
# through all 7,000 conformances of the program: some forty times in a CGI program, a fifth of its time.
METADATA_FLAGS := -Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors
RELEASE_FLAGS := -c release --static-swift-stdlib $(METADATA_FLAGS) $(LINKER_FLAGS) $(if $(STATIC),$(STATIC_FLAGS))
# Continuous integration builds with STRICT=1: no warning, no import that Package.swift does not declare.
STRICT_FLAGS := --explicit-target-dependency-import-check error -Xswiftc -warnings-as-errors
SWIFT_FLAGS := $(if $(STRICT),$(STRICT_FLAGS))

SWIFT_FILES = $(shell git ls-files '*.swift')

.PHONY: all demo build test swift-test end-to-end-test bench lint format numbering-plan static-libraries deps test-deps bench-deps install uninstall clean

all: build

demo: build
	@exec demo/demo

build: deps static-libraries
	swift build $(RELEASE_FLAGS) --product pingate
	swift build $(RELEASE_FLAGS) --product vonage-sandbox

# Where `make install` puts things; DESTDIR goes before all of it, for packages. It builds nothing: whoever may write to
# PREFIX need not be who builds.
PREFIX := /usr
UNITS := $(PREFIX)/lib/systemd/system
SYSCONFDIR := /etc
DESTDIR :=
PROGRAM := .build/release/pingate
install uninstall:
	@PREFIX="$(PREFIX)" UNITS="$(UNITS)" SYSCONFDIR="$(SYSCONFDIR)" DESTDIR="$(DESTDIR)" scripts/install-files $@ "$(PROGRAM)"

test: swift-test end-to-end-test

swift-test: test-deps
	swift build $(SWIFT_FLAGS) --build-tests
	scripts/test-modules $(SWIFT_FLAGS)

# pytest has the last word: its closing line ends the output.
end-to-end-test: test-deps .venv/ready
	swift build $(SWIFT_FLAGS) --build-tests
	PINGATE_BIN="$$(swift build --show-bin-path)" .venv/bin/pytest Tests/EndToEnd Tests/Differential Tests/BenchmarkHarness

# ROW=register (or several, apart by commas) measures these only, and leaves Benchmarks/RESULTS.md alone.
RUNS := 5
bench: bench-deps static-libraries
	swift build $(RELEASE_FLAGS) -Xlinker -Map=$(CURDIR)/.build/pingate.map --product pingate
	swift build $(RELEASE_FLAGS) --product store-load
	swift build $(RELEASE_FLAGS) --product unlimited
	@PINGATE_BIN=$(CURDIR)/.build/release /usr/bin/python3 Benchmarks/run --runs $(RUNS) $(if $(ROW),--row $(ROW))

lint:
	swift format lint --strict $(SWIFT_FILES)
	shellcheck $(filter-out %.py,$(wildcard scripts/*)) demo/demo .ci/run

format:
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
numbering-plan: test-deps .venv/ready
	.venv/bin/pip install --quiet --upgrade phonenumbers
	.venv/bin/python scripts/numbering-plan.py

clean:
	rm -rf .build .demo .venv
