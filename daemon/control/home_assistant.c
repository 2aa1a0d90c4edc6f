// SPDX-License-Identifier: MIT
#include "control/home_assistant.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/info.h"
#include "core/session.h"

#define TOPIC_SIZE  (2 * SETTING_SIZE)
#define OBJECT_SIZE (NAME_SIZE + 8)
#define ENTITY_SIZE (3 * NAME_SIZE)

#define START_EXPIRES_S     5  // a start that is not delivered by then is dropped
#define TELEMETRY_EXPIRES_S 10 // measured values are unknown that long after the last

struct maker {
	const struct chair *chair;
	char base[TOPIC_SIZE];    // "chair/<id>"
	char object[OBJECT_SIZE]; // "chair_<id>"
	json_t *profiles;         // as in the topic info
};

// Entity that every chair has.
struct entity {
	const char *key, *platform, *name, *icon;
	const char *topic, *template; // of its state
	const char *device_class, *unit;
	const char *property, *press; // set/<property>, and the payload of a button
	bool diagnostic;
	void (*add)(const struct maker *maker, json_t *component); // adds further keys
};

static void set_string(json_t *object, const char *key, const char *text)
{
	if (text)
		json_object_set_new(object, key, json_string(text));
}

static void set_topic(const struct maker *maker, json_t *component, const char *key,
	const char *topic)
{
	char text[TOPIC_SIZE + NAME_SIZE];

	snprintf(text, sizeof(text), "%s/%s", maker->base, topic);
	set_string(component, key, text);
}

static json_t *component_new(const struct maker *maker, const char *platform, const char *key,
	const char *name)
{
	json_t *component = json_pack("{s:s}", "p", platform);
	char text[ENTITY_SIZE];

	snprintf(text, sizeof(text), "%s_%s", maker->object, key);
	set_string(component, "unique_id", text);
	snprintf(text, sizeof(text), "%s.%s_%s", platform, maker->object, key);
	for (char *c = text + strlen(platform) + 1; *c; c++)
		*c = isalnum((unsigned char)*c) ? *c : '_';
	set_string(component, "default_entity_id", text);
	set_string(component, "name", name);
	json_object_set_new(component, "qos", json_integer(1));
	return component;
}

// --- keys of single entities ------------------------------------------------------------------

static void add_phases(const struct maker *maker, json_t *component)
{
	json_t *options = json_array();

	(void)maker;
	for (int i = 0; i < SESSION_PHASE_COUNT; i++)
		json_array_append_new(options, json_string(session_phase_name(i)));
	json_object_set_new(component, "options", options);
}

static void add_event_types(const struct maker *maker, json_t *component)
{
	json_t *types = json_array();

	(void)maker;
	for (int i = 0; i < SESSION_EVENT_TYPE_COUNT; i++)
		json_array_append_new(types, json_string(session_event_name(i)));
	json_array_append_new(types, json_string("refused"));
	json_array_append_new(types, json_string("reloaded"));
	json_array_append_new(types, json_string("reload_refused"));
	json_object_set_new(component, "event_types", types);
}

static void add_expiry(const struct maker *maker, json_t *component)
{
	(void)maker;
	json_object_set_new(component, "message_expiry_interval", json_integer(START_EXPIRES_S));
}

static void add_range(const struct maker *maker, json_t *component)
{
	(void)maker;
	json_object_set_new(component, "min", json_integer(0));
	json_object_set_new(component, "max", json_integer(100));
	json_object_set_new(component, "step", json_integer(1));
	set_string(component, "mode", "slider");
}

static void add_fault(const struct maker *maker, json_t *component)
{
	set_topic(maker, component, "json_attributes_topic", "state");
	set_string(component, "json_attributes_template",
		"{{ (value_json.fault or {'code': none, 'text': none, 'actuator': none})"
		" | tojson }}");
}

// Set a template that looks a value up in a map. JSON objects and strings are valid Jinja.
static void set_lookup(json_t *component, const char *key, const json_t *map, const char *look_up)
{
	char *text = json_dumps(map, JSON_COMPACT), *template;

	if (text && asprintf(&template, "{%% set map = %s %%}{{ %s }}", text, look_up) >= 0) {
		set_string(component, key, template);
		free(template);
	}
	free(text);
}

// Options are titles, payloads are names. The second profile with the same title gets its name
// appended.
static void add_profiles(const struct maker *maker, json_t *component)
{
	json_t *options = json_array(), *titles = json_object(), *names = json_object();
	const json_t *profile;
	size_t i;

	json_array_foreach(maker->profiles, i, profile)
	{
		const char *name = json_string_value(json_object_get(profile, "name"));
		const char *title = json_string_value(json_object_get(profile, "title"));
		char option[TITLE_SIZE + NAME_SIZE + 4];

		if (json_is_null(json_object_get(profile, "minutes")))
			continue; // this chair cannot play it
		snprintf(option, sizeof(option), "%s", title);
		if (json_object_get(names, option))
			snprintf(option, sizeof(option), "%s (%s)", title, name);
		set_string(titles, name, option);
		set_string(names, option, name);
		json_array_append_new(options, json_string(option));
	}
	json_object_set_new(component, "options", options);
	set_lookup(component, "value_template", titles, "map.get(value_json.profile)");
	set_lookup(component, "command_template", names, "map.get(value, value)");
	json_decref(titles);
	json_decref(names);
}

// --- entities of every chair ------------------------------------------------------------------

#define BUTTON(key_, name_, icon_, property_, press_, ...) \
	{ .key = (key_), \
		.platform = "button", \
		.name = (name_), \
		.icon = (icon_), \
		.property = (property_), \
		.press = (press_), \
		__VA_ARGS__ }

// clang-format off: a table, a row a line
static const struct entity entities[] = {
	{ .key = "phase", .platform = "sensor", .name = "Phase", .icon = "mdi:seat-recline-extra",
		.topic = "state", .template = "{{ value_json.phase }}", .device_class = "enum",
		.add = add_phases },
	{ .key = "profile", .platform = "select", .name = "Profile", .icon = "mdi:playlist-play",
		.topic = "target", .property = "profile", .add = add_profiles },
	BUTTON("start", "Start", "mdi:play", "session", "start", .add = add_expiry),
	BUTTON("pause", "Pause", "mdi:pause", "session", "pause"),
	BUTTON("resume", "Resume", "mdi:play-pause", "session", "resume", .add = add_expiry),
	BUTTON("stop", "Stop and release", "mdi:stop", "session", "stop"),
	BUTTON("skip", "Skip", "mdi:skip-next", "session", "skip"),
	BUTTON("less", "Less", "mdi:minus", "feedback", "less"),
	BUTTON("eased", "It has eased", "mdi:check", "feedback", "eased"),
	BUTTON("more", "More", "mdi:plus", "feedback", "more"),
	{ .key = "intensity", .platform = "number", .name = "Intensity", .icon = "mdi:arm-flex",
		.topic = "target", .template = "{{ value_json.intensity }}", .unit = "%",
		.property = "intensity", .add = add_range },
	{ .key = "remaining", .platform = "sensor", .name = "Remaining time", .topic = "state",
		.template = "{{ value_json.remaining_s }}", .device_class = "duration",
		.unit = "s" },
	{ .key = "point", .platform = "sensor", .name = "Point", .icon = "mdi:map-marker",
		.topic = "state", .template = "{{ value_json.point }}" },
	{ .key = "refers_to", .platform = "sensor", .name = "Refers to",
		.icon = "mdi:map-marker-path", .topic = "state",
		.template = "{{ value_json.refers_to }}" },
	{ .key = "occupied", .platform = "binary_sensor", .name = "Occupied", .topic = "state",
		.template = "{{ {true: 'ON', false: 'OFF'}.get(value_json.occupied) }}",
		.device_class = "occupancy" },
	{ .key = "fault", .platform = "binary_sensor", .name = "Fault", .topic = "state",
		.template = "{{ 'ON' if value_json.fault else 'OFF' }}", .device_class = "problem",
		.add = add_fault },
	{ .key = "estop", .platform = "binary_sensor", .name = "Emergency stop", .topic = "state",
		.template = "{{ {true: 'OFF', false: 'ON'}.get(value_json.estop_good) }}",
		.device_class = "safety" },
	{ .key = "event", .platform = "event", .name = "Session", .icon = "mdi:bell-outline",
		.topic = "event", .add = add_event_types },
	{ .key = "last_minutes", .platform = "sensor", .name = "Last session", .topic = "state",
		.template = "{{ value_json.last.minutes if value_json.last else none }}",
		.device_class = "duration", .unit = "min", .diagnostic = true },
	{ .key = "last_holds", .platform = "sensor", .name = "Holds of the last session",
		.icon = "mdi:counter", .topic = "state",
		.template = "{{ value_json.last.holds if value_json.last else none }}",
		.diagnostic = true },
};
// clang-format on

static json_t *entity_component(const struct maker *maker, const struct entity *entity)
{
	json_t *component = component_new(maker, entity->platform, entity->key, entity->name);
	char topic[NAME_SIZE];

	set_string(component, "icon", entity->icon);
	if (entity->topic)
		set_topic(maker, component, "state_topic", entity->topic);
	set_string(component, "value_template", entity->template);
	set_string(component, "device_class", entity->device_class);
	set_string(component, "unit_of_measurement", entity->unit);
	if (entity->property) {
		snprintf(topic, sizeof(topic), "set/%s", entity->property);
		set_topic(maker, component, "command_topic", topic);
	}
	set_string(component, "payload_press", entity->press);
	if (entity->diagnostic)
		set_string(component, "entity_category", "diagnostic");
	if (entity->add)
		entity->add(maker, component);
	return component;
}

// --- actuators that press ---------------------------------------------------------------------

// Force if a sensor measures it, otherwise drive.
static json_t *presser_component(const struct maker *maker, const struct actuator *actuator,
	const char *key)
{
	bool force = actuator->sensor.present;
	char text[ENTITY_SIZE + 64];
	json_t *component;

	snprintf(text, sizeof(text), "%s of %s", force ? "Force" : "Drive", actuator->name);
	for (char *c = text; *c; c++)
		*c = *c == '_' ? ' ' : *c;
	component = component_new(maker, "sensor", key, text);
	set_topic(maker, component, "state_topic", "telemetry");
	if (force)
		snprintf(text, sizeof(text),
			"{{ value_json.actuators['%s'].force_n | default(none) }}", actuator->name);
	else
		snprintf(text, sizeof(text), "{{ value_json.actuators['%s'].drive_permille / 10 }}",
			actuator->name);
	set_string(component, "value_template", text);
	set_string(component, "unit_of_measurement", force ? "N" : "%");
	set_string(component, "state_class", "measurement");
	set_string(component, "icon", force ? "mdi:weight" : "mdi:engine");
	json_object_set_new(component, "expire_after", json_integer(TELEMETRY_EXPIRES_S));
	set_string(component, "entity_category", "diagnostic");
	return component;
}

// --- the device -------------------------------------------------------------------------------

static json_t *components(const struct maker *maker)
{
	json_t *all = json_object();
	char key[NAME_SIZE + 8];

	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
		json_object_set_new(all, entities[i].key, entity_component(maker, &entities[i]));
	for (size_t i = 0; i < maker->chair->n_actuators; i++) {
		const struct actuator *actuator = &maker->chair->actuators[i];

		if (!actuator_presses(actuator->kind))
			continue;
		snprintf(key, sizeof(key), "press_%s", actuator->name);
		json_object_set_new(all, key, presser_component(maker, actuator, key));
	}
	return all;
}

static json_t *device(const struct maker *maker, const struct settings *settings)
{
	json_t *device = json_pack("{s:[s], s:s+, s:s, s:s, s:s}", "ids", maker->object, "name",
		"Chair ", maker->chair->id, "mf", "chaird", "mdl", maker->chair->model, "sw",
		CHAIRD_VERSION);

	if (*settings->home_assistant.panel_url)
		set_string(device, "cu", settings->home_assistant.panel_url);
	return device;
}

// All entities are unavailable without the controller and without its guard.
static json_t *availability(const struct maker *maker)
{
	json_t *daemon = json_object(), *guard = json_object();

	set_topic(maker, daemon, "topic", "availability");
	set_topic(maker, guard, "topic", "state");
	set_string(guard, "value_template", "{{ 'online' if value_json.guard else 'offline' }}");
	return json_pack("[o, o]", daemon, guard);
}

void home_assistant_topic(const struct settings *settings, const char *chair_id,
	char ret_topic[DISCOVERY_TOPIC_SIZE])
{
	snprintf(ret_topic, DISCOVERY_TOPIC_SIZE, "%s/device/chair_%s/config",
		settings->home_assistant.prefix, chair_id);
}

json_t *home_assistant_document(const struct settings *settings, const struct library *library,
	const struct chair *chair)
{
	struct maker maker = { .chair = chair, .profiles = info_profiles(library, chair) };
	json_t *document;

	snprintf(maker.base, sizeof(maker.base), "%s/%s", settings->broker.prefix, chair->id);
	snprintf(maker.object, sizeof(maker.object), "chair_%s", chair->id);
	document = json_pack("{s:o, s:{s:s, s:s}, s:o, s:s, s:o}", "dev", device(&maker, settings),
		"o", "name", "chaird", "sw", CHAIRD_VERSION, "availability", availability(&maker),
		"availability_mode", "all", "cmps", components(&maker));
	json_decref(maker.profiles);
	return document;
}
