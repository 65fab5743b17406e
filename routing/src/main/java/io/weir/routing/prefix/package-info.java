/** What prompts have in common at their beginning, and where it was computed. */
package io.weir.routing.prefix;
