/** What the fleet looks like now, read from the topics and written for people. */
package io.weir.launcher.view;
