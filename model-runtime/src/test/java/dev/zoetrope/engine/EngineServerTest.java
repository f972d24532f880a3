package dev.zoetrope.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;

import dev.zoetrope.engine.protocol.EngineGrpc;
import dev.zoetrope.engine.protocol.Following;
import dev.zoetrope.engine.protocol.Greeting;
import dev.zoetrope.engine.protocol.Question;
import dev.zoetrope.engine.protocol.QueueCommand;
import dev.zoetrope.engine.protocol.QueueNews;
import dev.zoetrope.engine.protocol.Retirement;
import dev.zoetrope.engine.protocol.RunJob;
import dev.zoetrope.engine.protocol.Submission;
import dev.zoetrope.engine.protocol.WatchedJob;
import dev.zoetrope.runtime.UserFolders;
import dev.zoetrope.runtime.problem.Problem;
import dev.zoetrope.runtime.problem.ProblemException;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Whoever comes without the token, or with nonsense, gets nowhere and stops nothing. */
@Timeout(120)
class EngineServerTest {
    @TempDir Path temp;
    private UserFolders folders;
    private EngineServer server;
    private final List<ManagedChannel> channels = new ArrayList<>();

    @BeforeEach
    void start() {
        folders = new UserFolders(temp.resolve("home"));
        server = EngineServer.start(folders, Optional.empty()).orElseThrow();
    }

    @AfterEach
    void end() {
        channels.forEach(ManagedChannel::shutdownNow);
        server.close();
    }

    private Channel channel(Optional<Token> token) {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
        channels.add(channel);
        return token.<Channel>map(shown -> ClientInterceptors.intercept(channel, shown.shown()))
                .orElse(channel);
    }

    private Token token() {
        return new Token(EngineAddress.read(folders.data()).orElseThrow().token());
    }

    private EngineGrpc.EngineBlockingStub engine() {
        return EngineGrpc.newBlockingStub(channel(Optional.of(token())))
                .withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private void assertServing() {
        assertEquals(
                ProcessHandle.current().pid(),
                engine().greet(Greeting.getDefaultInstance()).getProcess());
    }

    private static Status.Code refusal(Runnable call) {
        return assertThrows(StatusRuntimeException.class, call::run).getStatus().getCode();
    }

    @Test
    void everyCallWithoutTheTokenIsRefused() {
        String right = token().text();
        List<Optional<Token>> tokens =
                List.of(
                        Optional.empty(),
                        Optional.of(Token.random()),
                        Optional.of(new Token(right + "a")),
                        Optional.of(new Token(right.substring(0, right.length() - 1))));
        for (Optional<Token> token : tokens) {
            var stub = EngineGrpc.newBlockingStub(channel(token));
            List<Runnable> calls =
                    List.of(
                            () -> stub.greet(Greeting.getDefaultInstance()),
                            () -> stub.ask(Question.newBuilder().setMethod("codecs").build()),
                            () -> stub.submit(Submission.getDefaultInstance()),
                            () -> stub.run(RunJob.getDefaultInstance()).next(),
                            () -> stub.watch(WatchedJob.getDefaultInstance()).next(),
                            () -> stub.follow(Following.getDefaultInstance()).next(),
                            () -> stub.command(QueueCommand.getDefaultInstance()),
                            () -> stub.retire(Retirement.getDefaultInstance()));
            for (Runnable call : calls) {
                assertEquals(Status.Code.UNAUTHENTICATED, refusal(call));
            }
        }
        assertServing();
    }

    @Test
    void onlyItsUserCanReadTheToken() throws IOException {
        Path file = folders.data().resolve("engine.properties");

        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void aFolderHasOneEngine() {
        assertEquals(Optional.empty(), EngineServer.start(folders, Optional.empty()));
        assertServing();
    }

    @Test
    void nonsenseIsRefused() {
        var stub = engine();
        for (String method : List.of("", "close", "generate", "getClass", "hashCode")) {
            assertEquals(
                    Status.Code.INVALID_ARGUMENT,
                    refusal(() -> stub.ask(Question.newBuilder().setMethod(method).build())),
                    method);
        }
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            Submission submission =
                    Submission.newBuilder().addRequests(text).setTicket("t" + i).build();
            assertEquals(
                    Status.Code.INVALID_ARGUMENT, refusal(() -> stub.submit(submission)), text);
            Question question =
                    Question.newBuilder().setMethod("inspect").addArguments(text).build();
            assertEquals(Status.Code.INVALID_ARGUMENT, refusal(() -> stub.ask(question)), text);
        }
        assertServing();
    }

    @Test
    void damagedRequestsAreRefusedOrKeptWhole() {
        var stub = engine();
        byte[] request =
                PlainJson.text(EngineRequests.generation("a red boat", 1))
                        .getBytes(StandardCharsets.UTF_8);
        Random random = new Random(2);
        for (int i = 0; i < 500; i++) {
            byte[] damaged = request.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(128);
            Submission submission =
                    Submission.newBuilder()
                            .addRequests(new String(damaged, StandardCharsets.UTF_8))
                            .setTicket("t" + i)
                            .build();
            try {
                stub.submit(submission);
            } catch (StatusRuntimeException e) {
                // Where the name of the model was hit, a clip without one is asked for.
                assertTrue(
                        Set.of(Status.Code.INVALID_ARGUMENT, Status.Code.FAILED_PRECONDITION)
                                .contains(e.getStatus().getCode()),
                        e.toString());
            }
        }
        assertServing();
        try (EngineClient client = EngineClient.own(folders)) {
            assertTrue(client.jobs().size() > 0, "some changes of a prompt are no damage");
        }
    }

    @Test
    void aClipWithoutAModelIsRefusedWithARemedy() {
        String request = PlainJson.text(EngineRequests.generation("a red boat", 1));
        String model = "\"model\":\"/models/none\"";
        for (String other : List.of("\"mood\":1", "\"model\":\" \"", "\"model\":null")) {
            Submission submission =
                    Submission.newBuilder()
                            .addRequests(request.replace(model, other))
                            .setTicket(other)
                            .build();
            StatusRuntimeException refusal =
                    assertThrows(StatusRuntimeException.class, () -> engine().submit(submission));
            Problem problem = EngineClient.problem(refusal).problem();
            assertTrue(problem.cause().contains("No model is named"), problem.cause());
            assertTrue(problem.remedy().contains("installed"), problem.remedy());
        }
    }

    @Test
    void messagesThatAreTooLongAreRefused() {
        Submission submission =
                Submission.newBuilder()
                        .addRequestsBytes(ByteString.copyFrom(new byte[5 << 20]))
                        .build();

        assertEquals(Status.Code.RESOURCE_EXHAUSTED, refusal(() -> engine().submit(submission)));
        assertServing();
    }

    @Test
    void bytesThatAreNoCallsStopNothing() throws IOException {
        Random random = new Random(3);
        byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 200; i++) {
            try (Socket socket = connect()) {
                if (i % 2 == 0) {
                    socket.getOutputStream().write(preface);
                }
                byte[] bytes = new byte[random.nextInt(4096)];
                random.nextBytes(bytes);
                socket.getOutputStream().write(bytes);
            } catch (IOException e) {
                // It hung up first, as it should.
            }
        }
        assertServing();
    }

    @Test
    void aThousandConnectionsStopNothing() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                sockets.add(connect());
            }
            assertServing();
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        assertServing();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 5000);
        return socket;
    }

    @Test
    void whoListensWithoutTakingAnythingHoldsNobodyUp() {
        for (int i = 0; i < 20; i++) {
            EngineGrpc.newStub(channel(Optional.of(token())))
                    .follow(Following.getDefaultInstance(), new TakesNothing());
        }
        var stub = engine();
        String request = PlainJson.text(EngineRequests.generation("x".repeat(20_000), 1));

        for (int i = 0; i < 200; i++) {
            stub.submit(Submission.newBuilder().addRequests(request).setTicket("t" + i).build());
        }

        assertServing();
    }

    private static final class TakesNothing
            implements ClientResponseObserver<Following, QueueNews> {
        @Override
        public void beforeStart(ClientCallStreamObserver<Following> call) {
            call.disableAutoRequestWithInitial(0);
        }

        @Override
        public void onNext(QueueNews news) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }

    @Test
    void otherMachinesAreServedWithTlsATokenAndTheNamedFolders() throws Exception {
        server.close();
        Path served = Files.createDirectories(temp.resolve("served"));
        Path secret = Files.writeString(temp.resolve("secret.safetensors"), "x");
        Files.createSymbolicLink(served.resolve("link"), secret);
        Path certificate = temp.resolve("certificate.pem");
        Path key = temp.resolve("key.pem");
        writeCertificate(certificate, key);
        String token = "a token of the test's own".replace(' ', '-');
        server =
                EngineServer.start(
                                folders,
                                Optional.of(
                                        new EngineServer.Elsewhere(
                                                new InetSocketAddress("localhost", 0),
                                                certificate,
                                                key,
                                                token,
                                                List.of(served))))
                        .orElseThrow();
        var address = InetSocketAddress.createUnresolved("localhost", server.port());

        try (EngineClient client = EngineClient.elsewhere(address, certificate, token)) {
            assertEquals(List.of(), client.jobs());
            assertEquals(Optional.empty(), client.training(served.resolve("run")));
            for (Path path :
                    List.of(
                            secret,
                            served.resolve("link"),
                            served.resolve("../secret.safetensors"))) {
                ProblemException e =
                        assertThrows(ProblemException.class, () -> client.inspect(path));
                assertTrue(e.problem().cause().contains("does not serve"), e.problem().cause());
            }
            assertRefused(
                    client,
                    request -> request.submit(List.of(EngineRequests.generation("a boat", 1))));
        }
        try (EngineClient client =
                EngineClient.elsewhere(address, certificate, Token.random().text())) {
            assertThrows(ProblemException.class, client::jobs);
        }
        try (EngineClient client = EngineClient.elsewhere(address, null, token)) {
            assertThrows(ProblemException.class, client::jobs);
        }
        assertEquals(Optional.empty(), EngineAddress.read(folders.data()));
    }

    private static void assertRefused(EngineClient client, Consumer<EngineClient> call) {
        ProblemException e = assertThrows(ProblemException.class, () -> call.accept(client));
        assertTrue(e.problem() instanceof Problem.FileInaccessible, e.problem().cause());
    }

    /** By the JDK's own tool, for localhost. */
    private void writeCertificate(Path certificate, Path key) throws Exception {
        Path store = temp.resolve("store.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "RSA",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "san=dns:localhost",
                                "-alias",
                                "test",
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                "password",
                                "-keystore",
                                store.toString())
                        .redirectErrorStream(true)
                        .start();
        keytool.getInputStream().transferTo(OutputStream.nullOutputStream());
        assertEquals(0, keytool.waitFor());
        KeyStore keys = KeyStore.getInstance(store.toFile(), "password".toCharArray());
        write(certificate, "CERTIFICATE", keys.getCertificate("test").getEncoded());
        write(key, "PRIVATE KEY", keys.getKey("test", "password".toCharArray()).getEncoded());
    }

    private static void write(Path file, String what, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        try {
            Files.writeString(
                    file, "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(what, body, what));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
