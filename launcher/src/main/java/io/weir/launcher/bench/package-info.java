/**
 * {@code weir bench}: load against any OpenAI endpoint, measured from when it should have been
 * sent.
 */
package io.weir.launcher.bench;
