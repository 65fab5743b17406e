/**
 * Which text is the answer, and which terminal is visible: pure folds over the reply partition and
 * the lifecycle, shared by everything that reads them.
 */
package io.weir.routing.answer;
