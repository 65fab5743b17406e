/**
 * Runs batch jobs: one controller at a time checks their files, hands out their lines, and collects
 * the answers.
 */
package io.weir.controller.batches;
