package io.weir.launcher.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import io.weir.routing.engine.SimText;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The official Java client, unchanged but for its base URL. */
class OpenAiJavaTest {
  private static final String KEY = "sk-weir-test-key";
  private static final String DIGEST =
      "37c7917f133e3c5cb2c568f52c0ada9097c7209b00c0f82ffbd368cb0788aefc";

  private static TestSystem system;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws IOException {
    system =
        TestSystem.instant(
            TestSystem.TWO_ENGINES.replace(
                "ingress: {port: 0}",
                "ingress: {port: 0, api-keys: [{key-sha256: " + DIGEST + ", tenant: test}]}"));
    client = client(KEY);
  }

  @AfterAll
  static void stop() throws IOException {
    client.close();
    system.close();
  }

  private static OpenAIClient client(String key) {
    return OpenAIOkHttpClient.builder().baseUrl(system.base()).apiKey(key).maxRetries(0).build();
  }

  private static ChatCompletionCreateParams.Builder chat() {
    return ChatCompletionCreateParams.builder()
        .model("gpt-4o-mini")
        .addUserMessage("Say hello, ünïcode ✓")
        .maxCompletionTokens(16);
  }

  private static String answer(int tokens) {
    return SimText.answer("Say hello, ünïcode ✓", tokens);
  }

  @Test
  void listsModels() {
    assertThat(client.models().list().items())
        .extracting(Model::id)
        .contains("llama-3-8b", "gpt-4o-mini", "text-embedding-3-small");
  }

  @Test
  void completesAChat() {
    ChatCompletion completion = client.chat().completions().create(chat().build());

    assertThat(completion.choices().getFirst().message().content()).hasValue(answer(16));
    assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(16);
  }

  @Test
  void streamsAChat() {
    StringBuilder text = new StringBuilder();
    long[] tokens = new long[1];
    try (StreamResponse<ChatCompletionChunk> chunks =
        client
            .chat()
            .completions()
            .createStreaming(
                chat()
                    .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                    .build())) {
      chunks.stream()
          .forEach(
              chunk -> {
                chunk.choices().forEach(choice -> choice.delta().content().ifPresent(text::append));
                chunk.usage().ifPresent(usage -> tokens[0] = usage.completionTokens());
              });
    }

    assertThat(text.toString()).isEqualTo(answer(16));
    assertThat(tokens[0]).isEqualTo(16);
  }

  @Test
  void completesText() {
    Completion completion =
        client
            .completions()
            .create(
                CompletionCreateParams.builder()
                    .model("llama-3-8b")
                    .prompt("Once upon")
                    .maxTokens(5)
                    .build());

    assertThat(completion.choices().getFirst().text()).isEqualTo(SimText.answer("Once upon", 5));
  }

  @Test
  void embeds() {
    CreateEmbeddingResponse response =
        client
            .embeddings()
            .create(
                EmbeddingCreateParams.builder()
                    .model("text-embedding-3-small")
                    .inputOfArrayOfStrings(List.of("one", "two"))
                    .build());

    assertThat(response.data()).hasSize(2);
    assertThat(response.data().getFirst().embedding()).isNotEmpty();
  }

  @Test
  void unknownModelIsNotFound() {
    assertThatThrownBy(
            () -> client.chat().completions().create(chat().model("no-such-model").build()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("no-such-model");
  }

  @Test
  void badInputIsABadRequest() {
    assertThatThrownBy(() -> client.chat().completions().create(chat().model("").build()))
        .isInstanceOfAny(BadRequestException.class, NotFoundException.class);
    assertThatThrownBy(
            () ->
                client
                    .chat()
                    .completions()
                    .create(chat().model("llama-3-8b").messages(List.of()).build()))
        .isInstanceOf(BadRequestException.class);
  }

  @Test
  void wrongKeyIsUnauthorized() {
    try (ClosingClient stranger = new ClosingClient(client("sk-wrong"))) {
      assertThatThrownBy(() -> stranger.client().chat().completions().create(chat().build()))
          .isInstanceOf(UnauthorizedException.class);
    }
  }

  private record ClosingClient(OpenAIClient client) implements AutoCloseable {
    @Override
    public void close() {
      client.close();
    }
  }
}
