// SPDX-License-Identifier: MIT
//
// Times of a press, and of a carriage on its way.
//
//   contact | ramp, in exhales | settle | hold | release
//
// The session waits no longer than the longest of each, and the proof judges by those; the planner
// and the dose use the likely ones.
#ifndef CHAIRD_CORE_MOTION_TIME_H
#define CHAIRD_CORE_MOTION_TIME_H

#include "core/chair.h"

#define CONTACT_BLIND_S 3.0  // without a sensor: then the ramp begins
#define CONTACT_MAX_S   9.0  // with a sensor: then the session ends
#define CONTACT_N       2.0  // of the sensor: in contact
#define APPROACH_N      14.0 // by the table, while the press comes out to its sensor's contact
#define SETTLE_MAX_S    3.0  // the force settles at the end of a ramp
#define FRAME_MAX_S     0.2  // until a demand acts, and its effect is reported

#define CONTACT_LIKELY_S 2.0
#define SETTLE_LIKELY_S  1.0
#define RELEASE_LIKELY_S 2.5

// Until the ramp begins, and from the end of the hold until it is proven released.
double press_contact_max_s(const struct actuator *actuator);
double press_release_max_s(const struct actuator *actuator);

// The likely and the longest time of a knead to a position contact.
double width_likely_s(const struct actuator *knead);
double width_max_s(const struct actuator *knead);

#define MOVE_S 1.5 // a carriage accelerates and settles, besides its way

// The drive of a carriage that strokes at speed_mm_s, and its speed by that drive: motors do not
// turn below some drive.
int stroke_permille(const struct actuator *carriage, double speed_mm_s);
double stroke_mm_s(const struct actuator *carriage, double speed_mm_s);

// The likely duration of a way at a drive, and of a stroke at its speed.
double travel_likely_s(const struct actuator *carriage, double way_mm, int drive_permille);
double stroke_likely_s(double way_mm, double speed_mm_s);
// The longest of a way at a drive, and the longest time between two pulses on it: friction takes
// its part of the drive, and the chair's speed is an estimate.
double travel_max_s(const struct actuator *carriage, double way_mm, int drive_permille);
double travel_pulse_max_s(const struct actuator *carriage, int drive_permille);

#endif
