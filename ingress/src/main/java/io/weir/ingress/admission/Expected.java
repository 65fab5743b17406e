package io.weir.ingress.admission;

/**
 * What a request is expected to take of an engine.
 *
 * @param promptTokens of its prompt
 * @param outputTokens of its answer
 */
public record Expected(int promptTokens, int outputTokens) {}
