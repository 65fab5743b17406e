package io.weir.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/** Every type of Avro, read and skipped, from both ways its encoders write lists. */
class RecordDecoderTest {
  private static final Schema FIXED = Schema.createFixed("Three", null, null, 3);
  private static final Schema ALL =
      SchemaBuilder.record("All")
          .fields()
          .name("nothing")
          .type()
          .nullType()
          .noDefault()
          .requiredBoolean("yes")
          .requiredInt("number")
          .requiredLong("long_number")
          .requiredFloat("real")
          .requiredDouble("long_real")
          .requiredString("text")
          .requiredBytes("body")
          .name("three")
          .type(FIXED)
          .noDefault()
          .name("color")
          .type()
          .enumeration("Color")
          .symbols("RED", "BLUE")
          .noDefault()
          .name("list")
          .type()
          .array()
          .items()
          .stringType()
          .noDefault()
          .name("map")
          .type()
          .map()
          .values()
          .longType()
          .noDefault()
          .name("maybe")
          .type()
          .unionOf()
          .nullType()
          .and()
          .stringType()
          .endUnion()
          .noDefault()
          .requiredString("last")
          .endRecord();
  private static final Schema LAST =
      SchemaBuilder.record("All").fields().requiredString("last").endRecord();

  @Test
  void readsWhatAvroWrites() throws IOException {
    long seed = 3;
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      GenericRecord record = record(random);
      for (byte[] written : List.of(plain(record), blocked(record))) {
        assertThat(read(written, ALL)).as("seed %d, round %d", seed, i).isEqualTo(record);
      }
    }
  }

  @Test
  void skipsWhatTheReaderDoesNotWant() throws IOException {
    Random random = new Random(4);
    for (int i = 0; i < 200; i++) {
      GenericRecord record = record(random);
      for (byte[] written : List.of(plain(record), blocked(record))) {
        assertThat(read(written, LAST).get("last")).hasToString("the end");
      }
    }
  }

  @Test
  void aLengthBeyondTheRecordIsRefusedBeforeAnythingIsAllocated() {
    // A string of two gigabytes, a negative one, a list of 2^40 items, an endless number
    byte[] huge = {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f, 1};
    byte[] negative = {1};
    byte[] list = {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x40};
    byte[] endless = new byte[12];
    Arrays.fill(endless, (byte) 0xff);

    assertThatThrownBy(() -> decoder(huge).readString())
        .isInstanceOf(EOFException.class)
        .hasMessageContaining("where 1 bytes are left");
    assertThatThrownBy(() -> decoder(negative).readBytes(null))
        .hasMessageContaining("a length is negative");
    assertThatThrownBy(() -> decoder(list).readArrayStart())
        .isInstanceOf(EOFException.class)
        .hasMessageContaining("a list claims");
    assertThatThrownBy(() -> decoder(endless).readLong())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("more than ten bytes");
    assertThatThrownBy(() -> decoder(plain(Long.MAX_VALUE)).readInt())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("out of range");
  }

  private static GenericRecord record(Random random) {
    List<String> list = new ArrayList<>();
    for (int i = random.nextInt(40); i > 0; i--) {
      list.add("x".repeat(random.nextInt(50)));
    }
    byte[] body = new byte[random.nextInt(300)];
    random.nextBytes(body);
    return new GenericRecordBuilder(ALL)
        .set("nothing", null)
        .set("yes", random.nextBoolean())
        .set("number", random.nextInt())
        .set("long_number", random.nextLong())
        .set("real", random.nextFloat())
        .set("long_real", random.nextGaussian())
        .set("text", "größe " + random.nextInt())
        .set("body", ByteBuffer.wrap(body))
        .set("three", new GenericData.Fixed(FIXED, new byte[] {1, 2, (byte) random.nextInt()}))
        .set("color", new GenericData.EnumSymbol(ALL.getField("color").schema(), "BLUE"))
        .set("list", list)
        .set("map", Map.of("a", random.nextLong(), "b", -1L))
        .set("maybe", random.nextBoolean() ? "here" : null)
        .set("last", "the end")
        .build();
  }

  private static byte[] plain(GenericRecord record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    return written(record, out, EncoderFactory.get().binaryEncoder(out, null));
  }

  private static byte[] plain(long number) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    encoder.writeLong(number);
    encoder.flush();
    return out.toByteArray();
  }

  /** Small blocks that say their size in bytes. */
  private static byte[] blocked(GenericRecord record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    return written(
        record, out, new EncoderFactory().configureBlockSize(64).blockingBinaryEncoder(out, null));
  }

  private static byte[] written(
      GenericRecord record, ByteArrayOutputStream out, BinaryEncoder encoder) throws IOException {
    new GenericDatumWriter<GenericRecord>(ALL).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static GenericRecord read(byte[] written, Schema reader) throws IOException {
    RecordDecoder decoder = decoder(written);
    GenericRecord record = new GenericDatumReader<GenericRecord>(ALL, reader).read(null, decoder);
    assertThat(decoder.remaining()).isZero();
    return record;
  }

  private static RecordDecoder decoder(byte[] bytes) {
    return new RecordDecoder(bytes, 0, bytes.length);
  }
}
