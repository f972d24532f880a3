package dev.zoetrope.prompt;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;

import dev.zoetrope.runtime.problem.Problem;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A sentencepiece model of the unigram kind, as T5 and mT5 are published with: the protocol buffer
 * {@code ModelProto}, of which only what encoding needs is read.
 *
 * @param unknown id of what no piece covers
 * @param end id of the end of a text
 * @param byteFallback whether unknown characters become pieces for their bytes
 * @param charsMap rules of normalisation, compiled, in base 64; may be empty
 * @param dummyPrefix whether a text begins as if after a space
 * @param singleSpaces whether rows of spaces count as one, and those at the ends as none
 */
record SentencePieces(
        List<Piece> pieces,
        int unknown,
        int end,
        boolean byteFallback,
        String charsMap,
        boolean dummyPrefix,
        boolean singleSpaces) {
    /** A row of the vocabulary: its text, and how likely it is, as a logarithm. */
    record Piece(String text, float score, int type) {
        static final int NORMAL = 1;
        static final int UNKNOWN = 2;
        static final int CONTROL = 3;
        static final int USER_DEFINED = 4;
    }

    // Fields of sentencepiece_model.proto.
    private static final int PIECES = 1;
    private static final int TRAINER = 2;
    private static final int NORMALIZER = 3;
    private static final int PIECE_TEXT = 1;
    private static final int PIECE_SCORE = 2;
    private static final int PIECE_TYPE = 3;
    private static final int MODEL_TYPE = 3;
    private static final int BYTE_FALLBACK = 35;
    private static final int UNKNOWN_ID = 40;
    private static final int END_ID = 42;
    private static final int CHARS_MAP = 2;
    private static final int DUMMY_PREFIX = 3;
    private static final int SINGLE_SPACES = 4;

    private static final int UNIGRAM = 1;

    /**
     * Reads a model.
     *
     * @throws dev.zoetrope.runtime.problem.ProblemException when it is damaged or of another kind
     */
    static SentencePieces read(Path file) {
        try {
            return new Reader().read(CodedInputStream.newInstance(Files.readAllBytes(file)), file);
        } catch (InvalidProtocolBufferException e) {
            throw new Problem.TokenizerUnusable(file, "it is damaged").asException(e);
        } catch (IOException e) {
            throw Problem.FileInaccessible.of(file, e).asException(e);
        }
    }

    /** The values that the format leaves out where they are the usual ones. */
    private static final class Reader {
        private final List<Piece> pieces = new ArrayList<>();
        private int modelType = UNIGRAM;
        private int unknown;
        private int end = 2;
        private boolean byteFallback;
        private String charsMap = "";
        private boolean dummyPrefix = true;
        private boolean singleSpaces = true;

        SentencePieces read(CodedInputStream in, Path file) throws IOException {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case PIECES -> pieces.add(piece(in.readByteArray()));
                    case TRAINER -> trainer(in.readByteArray());
                    case NORMALIZER -> normalizer(in.readByteArray());
                    default -> in.skipField(tag);
                }
            }
            if (modelType != UNIGRAM) {
                throw PromptTokenizer.unusable(
                        file, "it is a sentencepiece model of another kind than unigram");
            }
            if (unknown < 0 || unknown >= pieces.size() || end < 0 || end >= pieces.size()) {
                throw PromptTokenizer.unusable(
                        file,
                        "its %d pieces are without an end of texts or an unknown piece"
                                .formatted(pieces.size()));
            }
            if (pieces.stream().anyMatch(piece -> piece.text.isEmpty())) {
                throw PromptTokenizer.unusable(file, "it has a piece without text");
            }
            return new SentencePieces(
                    pieces, unknown, end, byteFallback, charsMap, dummyPrefix, singleSpaces);
        }

        private static Piece piece(byte[] bytes) throws IOException {
            CodedInputStream in = CodedInputStream.newInstance(bytes);
            String text = "";
            float score = 0;
            int type = Piece.NORMAL;
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    // The library's own decoding uses sun.misc.Unsafe, of which Java warns.
                    case PIECE_TEXT ->
                            text = new String(in.readByteArray(), StandardCharsets.UTF_8);
                    case PIECE_SCORE -> score = in.readFloat();
                    case PIECE_TYPE -> type = in.readEnum();
                    default -> in.skipField(tag);
                }
            }
            return new Piece(text, score, type);
        }

        private void trainer(byte[] bytes) throws IOException {
            CodedInputStream in = CodedInputStream.newInstance(bytes);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case MODEL_TYPE -> modelType = in.readEnum();
                    case BYTE_FALLBACK -> byteFallback = in.readBool();
                    case UNKNOWN_ID -> unknown = in.readInt32();
                    case END_ID -> end = in.readInt32();
                    default -> in.skipField(tag);
                }
            }
        }

        private void normalizer(byte[] bytes) throws IOException {
            CodedInputStream in = CodedInputStream.newInstance(bytes);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case CHARS_MAP ->
                            charsMap = Base64.getEncoder().encodeToString(in.readByteArray());
                    case DUMMY_PREFIX -> dummyPrefix = in.readBool();
                    case SINGLE_SPACES -> singleSpaces = in.readBool();
                    default -> in.skipField(tag);
                }
            }
        }
    }

    /**
     * The same tokenizer in the form of {@code tokenizer.json}. T5's places for gaps, {@code
     * <extra_id_0>} and on, are no pieces and follow them in falling order; mT5 has them among its
     * pieces.
     */
    ObjectNode tokenizer(TokenizerConfig config) {
        ObjectNode json = TokenizerJson.of(normalizers(), words());
        ObjectNode model = json.putObject("model");
        model.put("type", "Unigram").put("unk_id", unknown).put("byte_fallback", byteFallback);
        ArrayNode vocabulary = model.putArray("vocab");
        for (int id = 0; id < pieces.size(); id++) {
            Piece piece = pieces.get(id);
            vocabulary.addArray().add(piece.text).add((double) piece.score);
            if (piece.type == Piece.UNKNOWN
                    || piece.type == Piece.CONTROL
                    || piece.type == Piece.USER_DEFINED) {
                TokenizerJson.add(json, piece.text, id, piece.type != Piece.USER_DEFINED);
            }
        }
        boolean gapsAmongPieces =
                pieces.stream().anyMatch(piece -> piece.text.contains("<extra_id_"));
        int gaps = gapsAmongPieces ? 0 : config.extraIds();
        for (int gap = gaps - 1; gap >= 0; gap--) {
            String text = "<extra_id_" + gap + ">";
            TokenizerJson.add(json, text, vocabulary.size(), true);
            vocabulary.addArray().add(text).add(0.0);
        }
        TokenizerJson.frame(json, Map.of(), Map.of(pieces.get(end).text, (long) end));
        return json;
    }

    private ArrayNode normalizers() {
        ArrayNode steps = JsonNodeFactory.instance.arrayNode();
        if (!charsMap.isEmpty()) {
            steps.addObject().put("type", "Precompiled").put("precompiled_charsmap", charsMap);
        }
        if (singleSpaces) {
            replace(steps, "^ +| +$", "");
            replace(steps, " {2,}", " ");
        }
        return steps;
    }

    private static void replace(ArrayNode steps, String pattern, String content) {
        steps.addObject()
                .put("type", "Replace")
                .put("content", content)
                .putObject("pattern")
                .put("Regex", pattern);
    }

    private ArrayNode words() {
        ArrayNode steps = JsonNodeFactory.instance.arrayNode();
        steps.addObject()
                .put("type", "Metaspace")
                .put("replacement", "▁")
                .put("prepend_scheme", dummyPrefix ? "always" : "never")
                .put("split", true);
        return steps;
    }
}
