/** An engine's answer on its way into the reply partition. */
package io.weir.dispatcher.answer;
