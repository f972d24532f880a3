package dev.zoetrope.engine;

import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What shows that a call comes from someone who may make it.
 *
 * @param text printable, without blanks
 */
record Token(String text) {
    private static final Logger LOG = LoggerFactory.getLogger(Token.class);
    private static final int BYTES = 32;
    private static final int LEAST_LENGTH = 16;
    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /**
     * @throws IllegalArgumentException when it could be guessed, or cannot be sent
     */
    Token {
        if (text.length() < LEAST_LENGTH || !text.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException(
                    "a token has %d or more printable characters without blanks"
                            .formatted(LEAST_LENGTH));
        }
    }

    static Token random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return new Token(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** Puts it on every call. */
    ClientInterceptor shown() {
        Metadata headers = new Metadata();
        headers.put(HEADER, bearer());
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    /** Refuses every call without it, and takes the same time however much of it was right. */
    ServerInterceptor demanded() {
        byte[] expected = bearer().getBytes(StandardCharsets.US_ASCII);
        return new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                String shown = headers.get(HEADER);
                if (shown != null
                        && MessageDigest.isEqual(
                                shown.getBytes(StandardCharsets.US_ASCII), expected)) {
                    return next.startCall(call, headers);
                }
                LOG.warn(
                        "refused {} without the right token, from {}",
                        call.getMethodDescriptor().getBareMethodName(),
                        call.getAttributes().get(io.grpc.Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
                call.close(
                        Status.UNAUTHENTICATED.withDescription("a call without the right token"),
                        new Metadata());
                return new ServerCall.Listener<>() {};
            }
        };
    }

    private String bearer() {
        return "Bearer " + text;
    }

    /** Never in a log. */
    @Override
    public String toString() {
        return "Token";
    }
}
