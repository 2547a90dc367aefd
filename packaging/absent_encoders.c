/* Stands in for libx264 and libx265 in the bundle, which are under the GPL (docs/adr/0012).
 *
 * FFmpeg's libavcodec asks for these names when it is loaded. Every one that could do something
 * says that it cannot, so that opening one of these encoders is an error, and the next encoder is
 * taken. The names and numbers are those of the interface that the wheel of PyAV was built with.
 */

#include <stddef.h>

const char howifeel_stand_in[] = "howifeel: stands in for an encoder under the GPL";

enum { CANNOT = -1 };

const char x264_levels[256] = {0};

void x264_param_default(void *parameters) { (void)parameters; }
void x264_param_cleanup(void *parameters) { (void)parameters; }
void x264_param_apply_fastfirstpass(void *parameters) { (void)parameters; }
void x264_picture_init(void *picture) { (void)picture; }
void x264_encoder_close(void *encoder) { (void)encoder; }
int x264_param_default_preset(void) { return CANNOT; }
int x264_param_parse(void) { return CANNOT; }
int x264_param_apply_profile(void) { return CANNOT; }
int x264_encoder_reconfig(void) { return CANNOT; }
int x264_encoder_headers(void) { return CANNOT; }
int x264_encoder_encode(void) { return CANNOT; }
int x264_encoder_delayed_frames(void) { return 0; }
int x264_encoder_maximum_delayed_frames(void) { return 0; }
void *x264_encoder_open_165(void) { return NULL; }

const void *x265_api_get_216(void) { return NULL; }
