package io.weir.routing.fleet;

/** Which names an engine's metrics have. */
public enum Telemetry {
  /** Found out from what its metrics page holds. */
  AUTO,
  VLLM,
  SGLANG,
  TRTLLM,
  LLAMA_CPP,
  TGI,
  /** It has none, as hosted APIs do not. */
  NONE
}
