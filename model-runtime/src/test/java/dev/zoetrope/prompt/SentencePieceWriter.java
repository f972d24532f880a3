package dev.zoetrope.prompt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes sentencepiece models for tests: T5's ids, everything else as the format leaves it out. */
final class SentencePieceWriter {
    private static final int VARINT = 0;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final ByteArrayOutputStream pieces = new ByteArrayOutputStream();
    private final ByteArrayOutputStream trainer = new ByteArrayOutputStream();
    private final ByteArrayOutputStream normalizer = new ByteArrayOutputStream();

    SentencePieceWriter() {
        trainer(40, 2); // unknown
        trainer(42, 1); // end
    }

    SentencePieceWriter copy() {
        SentencePieceWriter copy = new SentencePieceWriter();
        copy.pieces.writeBytes(pieces.toByteArray());
        copy.trainer.writeBytes(trainer.toByteArray());
        copy.normalizer.writeBytes(normalizer.toByteArray());
        return copy;
    }

    /**
     * Adds a piece.
     *
     * @param type 1 normal, 2 unknown, 3 control
     */
    SentencePieceWriter piece(String text, float score, int type) {
        ByteArrayOutputStream piece = new ByteArrayOutputStream();
        bytes(piece, 1, text.getBytes(StandardCharsets.UTF_8));
        varint(piece, (2 << 3) | FIXED32);
        piece.writeBytes(
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(score).array());
        number(piece, 3, type);
        bytes(pieces, 1, piece.toByteArray());
        return this;
    }

    /** Sets a number of the trainer's; a later one counts. */
    SentencePieceWriter trainer(int field, int value) {
        number(trainer, field, value);
        return this;
    }

    SentencePieceWriter normalizer(int field, int value) {
        number(normalizer, field, value);
        return this;
    }

    void write(Path file) throws IOException {
        ByteArrayOutputStream model = new ByteArrayOutputStream();
        model.writeBytes(pieces.toByteArray());
        bytes(model, 2, trainer.toByteArray());
        bytes(model, 3, normalizer.toByteArray());
        Files.write(file, model.toByteArray());
    }

    private static void number(ByteArrayOutputStream out, int field, int value) {
        varint(out, (field << 3) | VARINT);
        varint(out, value);
    }

    private static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
        varint(out, (field << 3) | BYTES);
        varint(out, value.length);
        out.writeBytes(value);
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest >= 0x80) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
