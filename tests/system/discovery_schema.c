// SPDX-License-Identifier: MIT
#include "discovery_schema.h"

#include <string.h>

static const char *const abbreviations[][2] = {
	{ "avty", "availability" },
	{ "avty_mode", "availability_mode" },
	{ "avty_t", "availability_topic" },
	{ "avty_tpl", "availability_template" },
	{ "cmd_t", "command_topic" },
	{ "cmd_tpl", "command_template" },
	{ "cmps", "components" },
	{ "cns", "connections" },
	{ "cu", "configuration_url" },
	{ "def_ent_id", "default_entity_id" },
	{ "dev", "device" },
	{ "dev_cla", "device_class" },
	{ "e", "encoding" },
	{ "en", "enabled_by_default" },
	{ "ent_cat", "entity_category" },
	{ "ent_pic", "entity_picture" },
	{ "evt_typ", "event_types" },
	{ "exp_aft", "expire_after" },
	{ "frc_upd", "force_update" },
	{ "hw", "hw_version" },
	{ "ic", "icon" },
	{ "ids", "identifiers" },
	{ "json_attr_t", "json_attributes_topic" },
	{ "json_attr_tpl", "json_attributes_template" },
	{ "mdl", "model" },
	{ "mdl_id", "model_id" },
	{ "mf", "manufacturer" },
	{ "o", "origin" },
	{ "obj_id", "object_id" },
	{ "off_dly", "off_delay" },
	{ "ops", "options" },
	{ "opt", "optimistic" },
	{ "p", "platform" },
	{ "pl_avail", "payload_available" },
	{ "pl_not_avail", "payload_not_available" },
	{ "pl_off", "payload_off" },
	{ "pl_on", "payload_on" },
	{ "pl_prs", "payload_press" },
	{ "ret", "retain" },
	{ "sa", "suggested_area" },
	{ "sn", "serial_number" },
	{ "stat_cla", "state_class" },
	{ "stat_t", "state_topic" },
	{ "sug_dsp_prc", "suggested_display_precision" },
	{ "sw", "sw_version" },
	{ "t", "topic" },
	{ "uniq_id", "unique_id" },
	{ "unit_of_meas", "unit_of_measurement" },
	{ "url", "support_url" },
	{ "val_tpl", "value_template" },
};

const char *const *const schema_root_keys = LIST("device", "origin", "components", "availability",
	"availability_mode", "availability_topic", "availability_template", "payload_available",
	"payload_not_available", "state_topic", "command_topic", "qos", "encoding");
const char *const *const schema_device_keys = LIST("identifiers", "connections", "manufacturer",
	"model", "model_id", "name", "hw_version", "sw_version", "serial_number", "suggested_area",
	"configuration_url", "via_device");
const char *const *const schema_origin_keys = LIST("name", "sw_version", "support_url");
const char *const *const schema_availability_keys = LIST("topic", "payload_available",
	"payload_not_available", "value_template");
// Of every entity.
const char *const *const schema_entity_keys = LIST("platform", "unique_id", "default_entity_id",
	"name", "icon", "qos", "encoding", "entity_category", "entity_picture",
	"enabled_by_default", "visible_by_default", "group", "availability", "availability_mode",
	"availability_topic", "availability_template", "payload_available", "payload_not_available",
	"json_attributes_topic", "json_attributes_template", "message_expiry_interval");

static const struct platform platforms[] = {
	{ "sensor", LIST("state_topic"),
		LIST("state_topic", "value_template", "device_class", "unit_of_measurement",
			"state_class", "options", "expire_after", "force_update",
			"suggested_display_precision", "last_reset_value_template"),
		true },
	{ "binary_sensor", LIST("state_topic"),
		LIST("state_topic", "value_template", "device_class", "payload_on", "payload_off",
			"expire_after", "force_update", "off_delay"),
		true },
	{ "button", LIST("command_topic"),
		LIST("command_topic", "command_template", "payload_press", "device_class",
			"retain"),
		false },
	{ "select", LIST("command_topic", "options"),
		LIST("state_topic", "value_template", "command_topic", "command_template",
			"options", "optimistic", "retain"),
		false },
	{ "number", LIST("command_topic"),
		LIST("state_topic", "value_template", "command_topic", "command_template",
			"device_class", "unit_of_measurement", "min", "max", "step", "mode",
			"optimistic", "payload_reset", "retain"),
		false },
	{ "event", LIST("state_topic", "event_types"),
		LIST("state_topic", "value_template", "device_class", "event_types"), true },
};

static const struct device_class classes[] = {
	{ "sensor", "enum", LIST("") },
	{ "sensor", "timestamp", LIST("") },
	{ "sensor", "date", LIST("") },
	{ "sensor", "duration", LIST("d", "h", "min", "s", "ms", "\u03bcs") },
	{ "sensor", "battery", LIST("%") },
	{ "sensor", "distance", LIST("km", "m", "cm", "mm", "mi", "yd", "in", "nmi") },
	{ "sensor", "power", LIST("mW", "W", "kW") },
	{ "sensor", "pressure",
		LIST("mPa", "Pa", "hPa", "kPa", "bar", "cbar", "mbar", "mmHg", "inHg", "psi") },
	{ "sensor", "speed", LIST("mm/s", "m/s", "km/h", "ft/s", "in/s", "kn", "mph") },
	{ "sensor", "temperature", LIST("\u00b0C", "\u00b0F", "K") },
	{ "sensor", "weight", LIST("kg", "g", "mg", "\u03bcg", "oz", "lb", "st") },
	{ "number", "duration", LIST("d", "h", "min", "s", "ms") },
	{ "number", "distance", LIST("km", "m", "cm", "mm", "mi", "yd", "in") },
	{ "number", "temperature", LIST("\u00b0C", "K") },
	{ "binary_sensor", "connectivity", NULL },
	{ "binary_sensor", "heat", NULL },
	{ "binary_sensor", "motion", NULL },
	{ "binary_sensor", "moving", NULL },
	{ "binary_sensor", "occupancy", NULL },
	{ "binary_sensor", "power", NULL },
	{ "binary_sensor", "presence", NULL },
	{ "binary_sensor", "problem", NULL },
	{ "binary_sensor", "running", NULL },
	{ "binary_sensor", "safety", NULL },
	{ "button", "identify", NULL },
	{ "button", "restart", NULL },
	{ "button", "update", NULL },
	{ "event", "button", NULL },
	{ "event", "doorbell", NULL },
	{ "event", "motion", NULL },
};

bool is_in(const char *text, const char *const *list)
{
	while (*list && strcmp(text, *list))
		list++;
	return *list;
}

const char *full_key(const char *key)
{
	for (size_t i = 0; i < sizeof(abbreviations) / sizeof(abbreviations[0]); i++) {
		if (!strcmp(key, abbreviations[i][0]))
			return abbreviations[i][1];
	}
	return key;
}

const struct platform *platform_find(const char *name)
{
	for (size_t i = 0; i < sizeof(platforms) / sizeof(platforms[0]); i++) {
		if (!strcmp(platforms[i].name, name))
			return &platforms[i];
	}
	return NULL;
}

const struct device_class *device_class_find(const char *platform, const char *name)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (!strcmp(classes[i].platform, platform) && !strcmp(classes[i].name, name))
			return &classes[i];
	}
	return NULL;
}
