// SPDX-License-Identifier: MIT
//
// Thread for one blocking call, whose result returns to the event loop through a descriptor.
//
// It is used to connect to a broker, which resolves a name and waits for an answer.
#ifndef CHAIRD_CONTROL_WORKER_H
#define CHAIRD_CONTROL_WORKER_H

// Owned by the thread until it is sent back.
struct worker {
	int (*run)(void *data); // called in the thread; its result is kept below
	void (*free)(void *data);
	void *data;
	int result;
	int fd; // the thread's end
};

// Start the thread. 0 with a descriptor: when it is readable, call worker_finish(). -errno: data
// still belongs to the caller.
int worker_start(int (*run)(void *data), void (*free)(void *data), void *data, int *ret_fd);

// Receive result and data, which then belongs to the caller, and close the descriptor. -errno if
// the thread has sent nothing.
int worker_finish(int fd, int *ret_result, void **ret_data);

// Stop waiting: close the descriptor; the thread frees data when it ends.
void worker_abandon(int fd);

#endif
