# SPDX-License-Identifier: MIT
# chaird: see `make help`.

VERSION := 0.1.0

# One build directory per variant: make SAN=address,undefined
SAN ?=
comma := ,
BUILD ?= build/$(if $(SAN),$(subst $(comma),-,$(SAN)),default)

PREFIX ?= /usr/local
CC ?= cc
PKG_CONFIG ?= pkg-config
V ?= 0
Q := $(if $(filter 1,$(V)),,@)

PACKAGES := libgpiod libconfig libsystemd libmosquitto libssl libcrypto jansson ncursesw
warnings := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	-Wcast-align -Wwrite-strings -Wvla -Wformat=2 -Wundef
base_cflags := -std=gnu17 -O2 -g $(warnings) -Werror=implicit-function-declaration \
	-fno-strict-aliasing -fstack-protector-strong $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all,-D_FORTIFY_SOURCE=2)
base_cppflags := -D_GNU_SOURCE -DCHAIRD_VERSION='"$(VERSION)"' -Idaemon -I.
base_ldflags := $(if $(SAN),-fsanitize=$(SAN)) -Wl,--as-needed
# The programs are linked with LTO, which shortens a simulated session by a sixth, and by another
# thirtieth with more of it inlined and aligned; the tests, which are many, link the same objects
# without it, but for the bench of the loader.
lto := $(if $(SAN),,-flto=auto --param inline-unit-growth=200 --param max-inline-insns-auto=60 \
	-falign-functions=64 -falign-loops=32)
lto_cflags = $(if $(filter tests/%,$<),,$(lto) $(if $(lto),-ffat-lto-objects))
lto_ldflags = $(if $(filter-out %/bench_load,$(filter $(BUILD)/tests/%,$@)),-fno-lto,$(lto))

lib_cflags := $(shell $(PKG_CONFIG) --cflags $(PACKAGES) 2>/dev/null)

# --- the architecture, layer by layer; lower layers first -----------------------------------

core    := $(addprefix daemon/core/, $(addsuffix .c, \
	allowance atlas breath button chair command deadman dose dose_layers dose_meter \
	fingerprint hold_stats layer ledger motion_time number pacing person plan plan_finding \
	plan_finding_layers plan_finding_text plan_layers plan_points plan_proof \
	plan_proof_layers plan_proof_time plan_postures plan_strokes posture profile quantity \
	reach referral region regulator risk session session_command session_layers \
	session_motion session_names session_phase session_status session_technique session_timed \
	session_transitions session_watch suggestion timed wire))
config  := $(addprefix daemon/config/, $(addsuffix .c, \
	atlas_file chair_file chair_file_actuators chair_file_buttons chair_file_channels \
	chair_file_drive chair_file_lines chair_file_posture chair_file_turning \
	chair_file_variant chair_proof \
	characters edit edit_cursor edit_list fields folder grammar grammar_faults keys \
	layer_file library line_proof name_meaning names persons_file press_proof problems profile_fields \
	profile_file profile_memory profile_proof reader scanner settings_file settings_rules step_lines text \
	text_tokens utf8))
service := $(addprefix daemon/service/, $(addsuffix .c, \
	atomic_file feeder journald log mqtt_cause mqtt_certificate mqtt_credentials mqtt_tls notify \
	option_table password percent suspend))
hal     := $(addprefix hal/, $(addsuffix .c, \
	attribute gpio_chip gpio_list gpio_lookup gpio_suggest hal hal_gpio iio iio_lookup \
	pwm_channel pwm_list)) \
	$(addprefix hal/sim/, $(addsuffix .c, \
	air contact eccentric fault_effects fault_socket faults heater inputs measurements motor \
	normal part plant plant_step sensors sim switches tissue trace))
guard   := $(addprefix daemon/guard/, $(addsuffix .c, \
	belief budget button cell drive duty engine force frame guard halt heat inputs lateness \
	line_record lines_wait link lockstep loop measure mode motor options output patience \
	position posture proof pwm realtime release report rt_log selftest shell timed travel \
	turning))
control := $(addprefix daemon/control/, $(addsuffix .c, \
	atlas_document backoff calendar command_json consent_book controller \
	controller_buttons controller_discovery controller_dose controller_mqtt controller_persons \
	controller_profiles controller_requests controller_signals controller_state dedupe \
	dose_book dose_document dose_file ejections file_writer guard_link help \
	home_assistant info journal last_session mqtt_client mqtt_connection mqtt_liveness \
	mqtt_losses options payload pressed profile_store publisher rate_limit refusal_log \
	reply request_gate set_text spelling state_file state_keeper status verb_table \
	watchdog worker))
# The independent checker: it includes nothing of the other layers.
checker := $(addprefix daemon/checker/, $(addsuffix .c, \
	person_check position_check trace_chair trace_check trace_relay trace_report trace_rules \
	trace_signal))
ctl     := $(addprefix daemon/ctl/, $(addsuffix .c, \
	atlas_json atlas_relation atlas_search atlas_view body broker calibration_file \
	calibration_run chart chart_body chart_pins chart_plot chart_session chart_site \
	cmd_atlas cmd_calibrate cmd_check cmd_diff cmd_doctor cmd_dose cmd_explain cmd_jog \
	cmd_lines cmd_new_chair cmd_person cmd_profiles cmd_put cmd_reload cmd_replay cmd_request cmd_run \
	cmd_simulate cmd_status cmd_tune cmd_watch comparison direction doctor doctor_broker \
	doctor_buttons doctor_directions doctor_files doctor_guard doctor_lines doctor_machine doctor_pwm \
	explain fit follow gauge held_key interrupt jog keyboard limit_check lines_channels named_person new_chair \
	new_chair_actuator new_chair_file new_chair_kinds new_chair_line new_chair_movement \
	new_chair_numbers new_chair_reach new_chair_wiring nudge options \
	person_entry person_file person_questions person_text pin_trace planned_profile \
	progress proof_report questions recording recording_csv recording_files request session_record \
	simulation_recorder simulator svg table terminal terminfo trace tune_actions \
	tune_bounds tune_chair tune_file tune_screen tune_session tuning view work_bar))

LAYERS := core config service hal guard control checker ctl

libs_chairguard := guard hal config service core
libs_chaird     := control config service core
libs_chairctl   := ctl checker guard hal config service core

link_chairguard := libgpiod libconfig libsystemd
link_chaird     := libconfig libsystemd libmosquitto libssl libcrypto jansson
link_chairctl   := libgpiod libconfig libsystemd libmosquitto libssl libcrypto jansson ncursesw

PROGRAMS := chaird chairguard chairctl

.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := all
.PHONY: all
all: $(PROGRAMS:%=$(BUILD)/%) ## build chaird, chairguard and chairctl

object = $(patsubst %.c,$(BUILD)/%.o,$(1))
archive = $(patsubst %,$(BUILD)/lib%.a,$(1))

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(if $(Q),@echo "  CC    $<")
	$(Q)$(CC) $(base_cppflags) $(CPPFLAGS) $(base_cflags) $(lto_cflags) $(lib_cflags) $(CFLAGS) -MMD -MP -c -o $@ $<

define layer_rule
$(BUILD)/lib$(1).a: $(call object,$($(1)))
	@mkdir -p $$(@D)
	$$(if $$(Q),@echo "  AR    $$@")
	$$(Q)rm -f $$@ && $(AR) rcs $$@ $$^
endef
$(foreach layer,$(LAYERS),$(eval $(call layer_rule,$(layer))))

define link
$(if $(Q),@echo "  LINK  $@")
$(Q)$(CC) $(base_ldflags) $(lto_ldflags) $(LDFLAGS) -o $@ $(1) $$($(PKG_CONFIG) --libs $(2)) -lm -lpthread
endef

$(BUILD)/chairguard: $(BUILD)/daemon/guard/main.o $(call archive,$(libs_chairguard))
	$(call link,$^,$(link_chairguard))
$(BUILD)/chaird: $(BUILD)/daemon/control/main.o $(call archive,$(libs_chaird))
	$(call link,$^,$(link_chaird))
$(BUILD)/chairctl: $(BUILD)/daemon/ctl/main.o $(call archive,$(libs_chairctl))
	$(call link,$^,$(link_chairctl))

# --- the control panel ------------------------------------------------------------------------

# It needs Node and packages from npm; nothing else here does. One build for all variants.
npm := build/npm
panel := build/panel/index.html

.PHONY: panel
panel: ## build the control panel into build/panel (needs nodejs and npm)
	$(Q).ci/deps panel
	$(Q)$(MAKE) --no-print-directory $(panel)
$(npm)/installed: daemon/panel/package.json daemon/panel/package-lock.json
	@mkdir -p $(@D)
	$(if $(Q),@echo "  NPM   $(npm)")
	$(Q)cp $^ $(npm)/ && cd $(npm) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
$(panel): $(npm)/installed $(shell find daemon/panel -type f) Makefile
	$(if $(Q),@echo "  PANEL $(@D)")
	$(Q)node daemon/panel/build.mjs $(@D) $(npm)/node_modules

# --- tests ------------------------------------------------------------------------------------

# tests/unit/<layer>/test_x.c may use that layer and what lies below it.
below_core    := core
below_config  := config core
below_service := service core
below_hal     := hal config core
below_guard   := guard hal config service core
below_control := control config service core
below_checker := checker
below_ctl     := ctl checker guard hal config service core

unit_tests := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/*/test_*.c))
unit_support = $(filter-out $(wildcard tests/unit/$(1)/test_*.c),$(wildcard tests/unit/$(1)/*.c))
define unit_rule
$(BUILD)/tests/unit/$(1)/%: $(BUILD)/tests/unit/$(1)/%.o $(call object,$(call unit_support,$(1))) $(call archive,$(below_$(1)))
	$$(call link,$$^,cmocka $$(PACKAGES))
endef
$(foreach layer,$(LAYERS),$(eval $(call unit_rule,$(layer))))

scenario_support := $(filter-out $(wildcard tests/scenario/test_*.c),$(wildcard tests/scenario/*.c))
scenario_tests := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/scenario/test_*.c))
$(BUILD)/tests/scenario/%: $(BUILD)/tests/scenario/%.o $(call object,$(scenario_support)) $(call archive,$(below_ctl))
	$(call link,$^,cmocka $(PACKAGES))

system_support := $(filter-out $(wildcard tests/system/test_*.c),$(wildcard tests/system/*.c))
system_tests := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/system/test_*.c))
$(BUILD)/tests/system/%: $(BUILD)/tests/system/%.o $(call object,$(system_support)) $(call archive,$(below_ctl))
	$(call link,$^,cmocka $(PACKAGES))

# Preloaded into a program under test, for events that no test can cause in the kernel.
preloads := $(patsubst %.c,$(BUILD)/%.so,$(wildcard tests/system/preload/*.c))
$(BUILD)/tests/system/preload/%.so: tests/system/preload/%.c Makefile
	@mkdir -p $(@D)
	$(if $(Q),@echo "  CC    $<")
	$(Q)$(CC) -D_GNU_SOURCE -std=gnu17 -O2 -g $(warnings) -fPIC -shared -o $@ $<

kernel_support := $(filter-out $(wildcard tests/kernel/test_*.c),$(wildcard tests/kernel/*.c))
kernel_tests := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/kernel/test_*.c))
$(BUILD)/tests/kernel/%: $(BUILD)/tests/kernel/%.o $(call object,$(kernel_support)) $(call object,$(system_support)) $(call archive,$(below_ctl))
	$(call link,$^,cmocka $(PACKAGES))

bench_support := $(filter-out tests/bench/bench%.c,$(wildcard tests/bench/*.c))
# The rows and any error, without the rest of cmocka's output.
bench_rows := 2>&1 | grep -v '^\[\(=\| *RUN\| *OK\|  PASSED\)'
bench_programs := $(addprefix $(BUILD)/tests/bench/,bench bench_estop bench_load)
$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(call object,$(bench_support) $(kernel_support) $(system_support) tests/unit/config/bulk.c) $(call archive,$(below_ctl))
	$(call link,$^,cmocka $(PACKAGES))

# A tier installs nothing, builds its programs, and adds its count to $(BUILD)/counts.
tier = @CHAIRD_BUILD=$(abspath $(BUILD)) SAN=$(SAN) .ci/tier $(1) $(BUILD)/counts $(2)

.PHONY: check check-unit check-scenario check-system check-kernel check-panel check-pi check-layers check-tiers
check: deps ## install what is needed and pass every tier below
	$(Q)$(MAKE) --no-print-directory check-tiers
# All tiers run, also after a failure; a tier that has left no count has failed.
# The panel does not depend on how its daemons were compiled: its tier runs once, without SAN.
tiers := layers unit scenario system kernel $(if $(SAN),,panel)
check-tiers:
	$(Q)rm -f $(BUILD)/counts $(BUILD)/counts.failures
	$(Q)for tier in $(tiers); do $(MAKE) --no-print-directory check-$$tier || true; done
	$(Q).ci/tier --sum $(BUILD)/counts $(tiers)
check-layers: all man ## include rules; layout of the code; man pages against programs; units against systemd
	$(call tier,layers,.ci/layers .ci/layers-test .ci/format .ci/docs .ci/completion .ci/units)
check-unit: $(unit_tests) ## modules one by one, in virtual time
	$(call tier,unit,$(unit_tests))
check-scenario: $(scenario_tests) ## whole sessions in virtual time: golden traces, random faults
	$(call tier,scenario,$(scenario_tests))
# Its programs record every message; the last one holds them against the schemas.
check-system: export CHAIRD_MESSAGES := $(abspath $(BUILD))/messages
check-system: all $(system_tests) $(preloads) ## real processes, a real broker, kills; every message against its schema
	$(Q)rm -rf $(BUILD)/messages
	$(call tier,system,$(system_tests) tests/system/check-messages)
check-kernel: all $(kernel_tests) ## real libgpiod on a real kernel's simulated chip
	$(call tier,kernel,$(addprefix tests/kernel/run ,$(kernel_tests) tests/kernel/documents))
check-panel: all $(panel) ## the control panel in a browser, real processes, a real broker
	$(call tier,panel,tests/panel/run)
check-pi: ## the package on an emulated Raspberry Pi 4, pins read from outside (20 minutes; root or sudo)
	$(Q).ci/deps pi
	$(call tier,pi,tests/pi/check)

# --- for people -------------------------------------------------------------------------------

.PHONY: bench
bench: all $(bench_programs) ## latency, memory and wake-ups of the running daemons; speed of the loader, the simulator and the panel
	@CHAIRD_BUILD=$(abspath $(BUILD)) $(BUILD)/tests/bench/bench $(bench_rows)
	@$(BUILD)/tests/bench/bench_load
	@if tests/kernel/build-linux >/dev/null; then \
		CHAIRD_BUILD=$(abspath $(BUILD)) tests/kernel/run -r -t 600 $(BUILD)/tests/bench/bench_estop $(bench_rows); \
	else \
		echo 'E-stop -> all off  not measured: this machine cannot build the test kernel, see above'; \
	fi
	@$(MAKE) --no-print-directory $(panel) >/dev/null && CHAIRD_BUILD=$(abspath $(BUILD)) node tests/panel/bench.mjs

.PHONY: deps demo try install clean help
deps: ## install the packages that building and testing need (root or sudo)
	$(Q).ci/deps
demo: ## a whole session on the simulated recliner, with a private broker
	$(Q).ci/deps demo
	$(Q)$(MAKE) --no-print-directory all
	$(Q)BUILD=$(abspath $(BUILD)) tests/demo/run
try: panel ## the control panel on a simulated recliner, in your browser, until Ctrl-C
	$(Q).ci/deps demo
	$(Q)$(MAKE) --no-print-directory all
	$(Q)exec env BUILD=$(abspath $(BUILD)) tests/demo/try

# --- what is installed ------------------------------------------------------------------------

# Debian's release and architecture that `make deb` builds for.
DIST ?= $(shell . /etc/os-release && echo $$VERSION_CODENAME)
ARCH ?= $(shell dpkg --print-architecture)
UNITDIR ?= $(PREFIX)/lib/systemd/system

man_pages := $(patsubst %.scd,$(BUILD)/man/%,$(notdir $(wildcard daemon/*/*.scd)))
vpath %.scd $(sort $(dir $(wildcard daemon/*/*.scd)))
$(BUILD)/man/%: %.scd
	@mkdir -p $(@D)
	$(if $(Q),@echo "  MAN   $@")
	$(Q){ echo "'\\\" t"; scdoc < $<; } > $@ # the first line asks man to format tables

to_prefix := s,/usr/\(sbin\|share\)/,$(PREFIX)/\1/,

.PHONY: man deb debs
man: $(man_pages) ## build the man pages (needs scdoc)
install: all man ## install under $(DESTDIR)$(PREFIX), settings under $(DESTDIR)/etc
	install -d $(addprefix $(DESTDIR)$(PREFIX)/,bin sbin share/chaird share/bash-completion/completions \
		$(addprefix share/man/man,1 5 7 8) $(addprefix lib/,sysusers.d tmpfiles.d udev/rules.d))
	install -d $(DESTDIR)$(UNITDIR) $(DESTDIR)/etc/chaird
	install -m 755 $(BUILD)/chairctl $(DESTDIR)$(PREFIX)/bin/
	install -m 755 $(BUILD)/chaird $(BUILD)/chairguard $(DESTDIR)$(PREFIX)/sbin/
	$(Q)for page in $(man_pages); do install -m 644 $$page $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/ || exit; done
	install -m 644 daemon/ctl/chairctl.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/chairctl
	install -m 644 systemd/chaird.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/chaird.conf
	install -m 644 systemd/chaird.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/chaird.conf
	install -m 644 systemd/60-chaird-gpio.rules $(DESTDIR)$(PREFIX)/lib/udev/rules.d/
	install -m 644 $(wildcard systemd/*.service) $(DESTDIR)$(UNITDIR)/
	sed -i '$(to_prefix)' $(patsubst systemd/%,$(DESTDIR)$(UNITDIR)/%,$(wildcard systemd/*.service))
	test -e $(DESTDIR)/etc/chaird/chaird.cfg || \
		sed '$(to_prefix)' systemd/chaird.cfg | install -m 644 /dev/stdin $(DESTDIR)/etc/chaird/chaird.cfg
	cp -R --no-preserve=ownership profiles systemd/mosquitto daemon/control/schema \
		$(DESTDIR)$(PREFIX)/share/chaird/
	test ! -e $(panel) || cp -R --no-preserve=ownership $(dir $(panel)) $(DESTDIR)$(PREFIX)/share/chaird/

deb: panel ## build the package for this Debian, or DIST=trixie ARCH=arm64, into build/deb/ (root or sudo)
	$(Q)debian/build-in $(DIST) $(ARCH)
debs: panel ## build the packages for Debian 12 and 13, amd64 and arm64
	$(Q)for dist in bookworm trixie; do for arch in amd64 arm64; do debian/build-in $$dist $$arch || exit; done; done

clean: ## remove everything that was built
	rm -rf build

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 18
	@echo '  variables: SAN=address,undefined  V=1  CFLAGS=  PREFIX=  DESTDIR=  SPEED= (demo)'

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
