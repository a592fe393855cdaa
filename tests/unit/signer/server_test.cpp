// SPDX-License-Identifier: MIT
#include "signer/server.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <thread>

#include "base/files.hpp"
#include "net/coroutines.hpp"
#include "net/io_threads.hpp"
#include "pki/csr.hpp"
#include "signer/client.hpp"
#include "signer/management.hpp"
#include "signer/protocol.hpp"
#include "signer/run.hpp"
#include "signer_fixture.hpp"

namespace causeway::signer {
namespace {

namespace fs = std::filesystem;

// A server in this process, with one key of each kind.
class RunningServer {
 public:
  explicit RunningServer(SignerServer::Options options = {}) {
    options.socket_path = directory_.socket();
    auto started = SignerServer::start(directory_.manager(), options);
    SignerDirectory::must(started);
    server_ = *std::move(started);
  }
  TokenManager& manager() { return directory_.manager(); }
  std::string socket() const { return directory_.socket(); }
  SignerServer& server() { return *server_; }
  SignerDirectory& directory() { return directory_; }

 private:
  SignerDirectory directory_;
  std::unique_ptr<SignerServer> server_;
};

bool all_verify(const KeyInfo& key, pki::SignatureAlgorithm algorithm, const std::vector<Bytes>& digests,
                const std::vector<Bytes>& signatures) {
  const auto public_key = pki::PublicKey::from_spki(key.public_key);
  if (!public_key || digests.size() != signatures.size()) return false;
  for (std::size_t i = 0; i < digests.size(); ++i)
    if (!public_key->verify_digest(algorithm, digests[i], signatures[i])) return false;
  return true;
}

TEST(SignerServer, SignsAThousandDigestsInOneCallInOrder) {
  RunningServer server;
  const std::string key = server.directory().new_key();
  net::IoThreads threads(1);
  const auto client = SignerClient::make(threads, server.socket());
  const auto digests = some_digests(1000);
  auto signatures = net::block_on(threads.at(0), client->sign(key, kRsaSha512, digests));
  ASSERT_TRUE(signatures.ok()) << signatures.error().text;
  EXPECT_TRUE(all_verify(*find_key(*server.manager().tokens(), key), kRsaSha512, digests, *signatures));
}

TEST(SignerServer, SplitsWhatDoesNotFitIntoOneFrame) {
  RunningServer server;
  const std::string key = server.directory().new_key(false);
  net::IoThreads threads(1);
  const auto client = SignerClient::make(threads, server.socket());
  const auto digests = some_digests(2 * kMaxDigests + 1);
  auto signatures = net::block_on(threads.at(0), client->sign(key, kEcSha512, digests));
  ASSERT_TRUE(signatures.ok());
  EXPECT_TRUE(all_verify(*find_key(*server.manager().tokens(), key), kEcSha512, digests, *signatures));
}

TEST(SignerServer, ManyCallsOfManyThreadsShareConnections) {
  RunningServer server({.socket_path = {}, .signing_threads = 3});
  const std::string key = server.directory().new_key(false);
  net::IoThreads threads(2);
  const auto client = SignerClient::make(threads, server.socket());
  std::vector<std::thread> callers;
  std::atomic<int> good{0};
  for (std::size_t i = 0; i < 8; ++i) {
    callers.emplace_back([&, i] {
      const auto digests = some_digests(10 + i);
      for (int round = 0; round < 10; ++round) {
        auto signatures = net::block_on(threads.at(i % 2), client->sign(key, kEcSha512, digests));
        if (signatures && all_verify(*find_key(*server.manager().tokens(), key), kEcSha512, digests, *signatures))
          ++good;
      }
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(good, 80);
}

TEST(SignerServer, TellsWhyItDoesNotSign) {
  RunningServer server;
  const std::string key = server.directory().new_key(false);
  net::IoThreads threads(1);
  const auto client = SignerClient::make(threads, server.socket());
  const auto sign = [&](const std::string& id, pki::SignatureAlgorithm algorithm, std::size_t size) {
    return net::block_on(threads.at(0), client->sign(id, algorithm, some_digests(2, size)));
  };
  EXPECT_EQ(sign("00", kEcSha512, 64).error().code, "key_not_found");
  EXPECT_EQ(sign(key, kRsaSha512, 64).error().code, "unsupported_sign_algorithm");
  EXPECT_EQ(sign(key, kEcSha512, 32).error().code, "internal_error");
  ASSERT_TRUE(net::block_on(threads.at(0), client->logout("0")).ok());
  EXPECT_EQ(sign(key, kEcSha512, 64).error().code, "token_not_active");
  EXPECT_EQ(net::block_on(threads.at(0), client->enter_pin("0", "wrong")).error().code, "pin_incorrect");
  ASSERT_TRUE(net::block_on(threads.at(0), client->enter_pin("0", std::string(kPin))).ok());
  EXPECT_TRUE(sign(key, kEcSha512, 64).ok());
}

TEST(SignerServer, TheVersionMovesWithTheTokens) {
  RunningServer server;
  net::IoThreads threads(1);
  const auto client = SignerClient::make(threads, server.socket());
  const auto version = [&] { return *net::block_on(threads.at(0), client->version()); };
  const std::uint64_t before = version();
  EXPECT_EQ(version(), before);
  const std::string key = server.directory().new_key(false);
  EXPECT_NE(version(), before);
  auto tokens = net::block_on(threads.at(0), client->tokens());
  ASSERT_TRUE(tokens.ok());
  const KeyInfo* seen = find_key(*tokens, key);
  ASSERT_NE(seen, nullptr);
  EXPECT_EQ(seen->public_key, find_key(*server.manager().tokens(), key)->public_key);
  EXPECT_FALSE(seen->rsa);
  EXPECT_FALSE(seen->usage.has_value());
}

TEST(SignerServer, ManagesKeysOverABlockingConnection) {
  RunningServer server;
  auto connection = SignerConnection::open(server.socket());
  ASSERT_TRUE(connection.ok()) << connection.error().text;
  auto key = connection->generate_key({.label = "käse \"<&", .rsa = false});
  ASSERT_TRUE(key.ok());
  CsrOptions options;
  options.key_id = key->id;
  options.usage = KeyUsage::authentication;
  options.subject = "C=EE, CN=ss1";
  options.alternative_name = "ss1.example";
  auto request = connection->generate_csr(options);
  ASSERT_TRUE(request.ok()) << request.error().text;
  auto read = pki::read_csr(*request);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->use, pki::CsrUse::authentication);
  EXPECT_EQ(read->alt_names, std::vector<std::string>{"ss1.example"});
  auto tokens = connection->list_tokens();
  ASSERT_TRUE(tokens.ok());
  EXPECT_EQ(find_key(*tokens, key->id)->label, "käse \"<&");
  EXPECT_EQ(find_key(*tokens, key->id)->usage, KeyUsage::authentication);
  EXPECT_EQ(connection->delete_key("00").error().code, "key_not_found");
  ASSERT_TRUE(connection->sign(key->id, kEcSha512, some_digests(3)).ok());
  ASSERT_TRUE(connection->change_pin("0", kPin, "other").ok());
  EXPECT_EQ(connection->login("0", kPin).error().code, "pin_incorrect");
  ASSERT_TRUE(connection->logout("0").ok());
  EXPECT_EQ(connection->sign(key->id, kEcSha512, some_digests(3)).error().code, "token_not_active");
}

// A client that says what it likes.
class RawClient {
 public:
  explicit RawClient(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("connect");
  }
  ~RawClient() { ::close(fd_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void send(std::string_view octets) {
    while (!octets.empty()) {
      const ssize_t count = ::send(fd_, octets.data(), octets.size(), MSG_NOSIGNAL);
      if (count <= 0) return;
      octets.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  // The next frame's type, id and body; nothing at the end.
  std::optional<std::tuple<FrameType, std::uint32_t, Bytes>> receive() {
    FrameHeadBytes bytes;
    if (!read(bytes)) return std::nullopt;
    auto head = decode_head(bytes, kMaxAnswerSize);
    Bytes body(head->body_size);
    if (!read(body)) return std::nullopt;
    return std::tuple{head->type, head->id, std::move(body)};
  }
  bool ended() {
    char octet;
    return ::recv(fd_, &octet, 1, 0) <= 0;
  }

 private:
  bool read(std::span<std::uint8_t> into) {
    return into.empty() || ::recv(fd_, into.data(), into.size(), MSG_WAITALL) == static_cast<ssize_t>(into.size());
  }
  int fd_;
};

TEST(SignerServer, CutsOffWhoDoesNotSpeakItsProtocol) {
  RunningServer server;
  for (const std::string& opening :
       {std::string("GET / HTTP/1.1\r\n\r\n"), std::string(64, '\xff'), std::string(64, '\0'),
        encode_frame(FrameType::control, 1, "{}"), encode_frame(FrameType::hello, 0, "XXXXXX"),
        encode_frame(FrameType::hello, 0, std::string(1000, 'x')), encode_frame(FrameType::hello, 0, "")}) {
    RawClient client(server.socket());
    client.send(opening);
    const auto answer = client.receive();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(std::get<0>(*answer), FrameType::fault);
    EXPECT_TRUE(client.ended());
  }
}

TEST(SignerServer, CutsOffAfterHostileSizesAndTypes) {
  RunningServer server;
  std::string huge = encode_frame(FrameType::sign, 1, "x");
  huge.replace(0, 4, "\x7f\xff\xff\xff");
  std::string tiny = huge;
  tiny.replace(0, 4, std::string("\0\0\0\1", 4));
  for (const std::string& frame : {huge, tiny, encode_frame(FrameType::signatures, 1, "x"), encode_hello()}) {
    RawClient client(server.socket());
    client.send(encode_hello());
    EXPECT_EQ(std::get<0>(*client.receive()), FrameType::hello);
    client.send(frame);
    EXPECT_EQ(std::get<0>(*client.receive()), FrameType::fault);
    EXPECT_TRUE(client.ended());
  }
}

TEST(SignerServer, AnswersBadRequestsAndHearsTheNextOnes) {
  RunningServer server;
  RawClient client(server.socket());
  client.send(encode_hello());
  ASSERT_TRUE(client.receive().has_value());
  std::string deep = R"({"op":)";
  deep += std::string(100000, '[');
  std::uint32_t id = 0;
  for (const std::string& body :
       {std::string(), std::string("[]"), std::string("{}"), std::string(R"({"op":1})"),
        std::string(R"({"op":"nothing"})"), std::string(R"({"op":"login","token":"0"})"),
        std::string(R"({"op":"generate-key","token":"0","bits":-1})"),
        std::string(R"({"op":"import-certificate","certificate":"MDA="})"), deep, std::string("\xff\xfe\0", 3)}) {
    client.send(encode_frame(FrameType::control, ++id, body));
    const auto answer = client.receive();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(std::get<0>(*answer), FrameType::fault) << body.substr(0, 60);
    EXPECT_EQ(std::get<1>(*answer), id);
  }
  client.send(encode_frame(FrameType::sign, 77, "short"));
  EXPECT_EQ(decode_fault(std::get<2>(*client.receive())).code, "invalid_request");
  client.send(encode_frame(FrameType::control, 78, R"({"op":"version"})"));
  EXPECT_EQ(std::get<0>(*client.receive()), FrameType::answer);
}

TEST(SignerServer, AClientThatDoesNotReadHoldsNobodyUp) {
  RunningServer server({.socket_path = {}, .max_requests_under_way = 4});
  const std::string key = server.directory().new_key(false);
  RawClient deaf(server.socket());
  deaf.send(encode_hello());
  std::string flood;
  for (std::uint32_t id = 1; id <= 20; ++id) flood += encode_sign(id, key, kEcSha512, some_digests(100));
  deaf.send(flood);
  auto connection = SignerConnection::open(server.socket());
  ASSERT_TRUE(connection.ok());
  EXPECT_TRUE(connection->sign(key, kEcSha512, some_digests(5)).ok());
}

TEST(SignerServer, RefusesMoreConnectionsThanItWasToldTo) {
  RunningServer server({.socket_path = {}, .max_connections = 1});
  auto first = SignerConnection::open(server.socket());
  ASSERT_TRUE(first.ok());
  EXPECT_FALSE(SignerConnection::open(server.socket()).ok());
  EXPECT_TRUE(first->list_tokens().ok());
}

TEST(SignerServer, TheSocketIsForItsOwnerOnly) {
  RunningServer server;
  EXPECT_EQ(fs::status(server.socket()).permissions(), fs::perms(0600));
  EXPECT_EQ(fs::status(fs::path(server.socket()).parent_path()).permissions(), fs::perms(0700));
}

TEST(SignerServer, AnswersWhatIsUnderWayBeforeItStops) {
  RunningServer server;
  const std::string key = server.directory().new_key();
  RawClient client(server.socket());
  client.send(encode_hello());
  ASSERT_TRUE(client.receive().has_value());
  client.send(encode_sign(1, key, kRsaSha512, some_digests(50)));
  // The control answer, which comes at once, tells that the request before it was taken up.
  client.send(encode_frame(FrameType::control, 2, R"({"op":"logout","token":"0"})"));
  bool logged_out = false, was_signed = false;
  std::thread stopper;
  while (!logged_out || !was_signed) {
    const auto answer = client.receive();
    ASSERT_TRUE(answer.has_value());
    if (std::get<1>(*answer) == 2) {
      logged_out = true;
      stopper = std::thread([&] { server.server().stop(std::chrono::seconds(60)); });
    } else {
      was_signed = std::get<0>(*answer) == FrameType::signatures;
      ASSERT_TRUE(was_signed);
    }
  }
  EXPECT_TRUE(client.ended());
  stopper.join();
}

// The signer as a process of its own, which can be killed.
class SignerProcess {
 public:
  SignerProcess(fs::path directory, std::string socket)
      : directory_(std::move(directory)), socket_(std::move(socket)) {}
  ~SignerProcess() { end(SIGKILL); }
  SignerProcess(const SignerProcess&) = delete;
  SignerProcess& operator=(const SignerProcess&) = delete;

  // Before the test makes threads of its own.
  void start() {
    pid_ = ::fork();
    if (pid_ != 0) return;
    const Result<void> ran = run_signer(
        {.directory = directory_, .socket_path = socket_, .parameters = {}, .check_chain = {}, .check_revocation = {}});
    ::_exit(ran ? 0 : 1);
  }
  int end(int signal) {
    if (pid_ <= 0) return -1;
    ::kill(pid_, signal);
    return join();
  }
  int join() {
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  fs::path directory_;
  std::string socket_;
  pid_t pid_ = -1;
};

struct ProcessFixture : ::testing::Test {
  ProcessFixture() {
    key = signer.new_key(false);
    SignerDirectory::must(write_file_atomically(signer.path() / "autologin", std::string(kPin) + "\n", 0600));
  }
  SignerDirectory signer;
  std::string key;
};

using SignerProcessTest = ProcessFixture;

TEST_F(SignerProcessTest, ARestartOnlyDelaysTheCallsThatWait) {
  SignerProcess process(signer.path(), signer.socket());
  process.start();
  // Forked now, while this process has one thread; it begins when it is told to.
  int gate[2];
  ASSERT_EQ(::pipe(gate), 0);
  const pid_t successor = ::fork();
  if (successor == 0) {
    char octet;
    ::close(gate[1]);
    if (::read(gate[0], &octet, 1) != 1) ::_exit(2);
    const Result<void> ran = run_signer({.directory = signer.path(),
                                         .socket_path = signer.socket(),
                                         .parameters = {},
                                         .check_chain = {},
                                         .check_revocation = {}});
    ::_exit(ran ? 0 : 1);
  }
  ::close(gate[0]);
  {
    net::IoThreads threads(2);
    const auto client = SignerClient::make(threads, signer.socket());
    // The client waits for a signer that is not there yet, too.
    ASSERT_TRUE(net::block_on(threads.at(0), client->sign(key, kEcSha512, some_digests(1))).ok());
    std::atomic<bool> enough{false};
    std::atomic<int> good{0}, bad{0};
    std::vector<std::thread> callers;
    for (std::size_t i = 0; i < 4; ++i) {
      callers.emplace_back([&, i] {
        while (!enough) {
          const auto digests = some_digests(50);
          auto signatures = net::block_on(threads.at(i % 2), client->sign(key, kEcSha512, digests));
          signatures&& all_verify(*find_key(*signer.manager().tokens(), key), kEcSha512, digests, *signatures) ? ++good
                                                                                                               : ++bad;
        }
      });
    }
    const auto wait_for_more = [&] {
      const int seen = good;
      while (good < seen + 20 && bad == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    };
    wait_for_more();
    EXPECT_EQ(process.end(SIGKILL), -SIGKILL);
    ASSERT_EQ(::write(gate[1], "x", 1), 1);
    wait_for_more();
    enough = true;
    for (auto& caller : callers) caller.join();
    EXPECT_EQ(bad, 0);
  }
  ::close(gate[1]);
  ::kill(successor, SIGTERM);
  int status = 0;
  ::waitpid(successor, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST_F(SignerProcessTest, TwoSignersDoNotWorkOnOneDirectory) {
  SignerProcess first(signer.path(), signer.socket()), second(signer.path(), signer.socket() + "2");
  first.start();
  while (!SignerConnection::open(signer.socket())) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  second.start();
  EXPECT_EQ(second.join(), 1);
  EXPECT_EQ(first.end(SIGTERM), 0);
}

TEST_F(SignerProcessTest, LogsInByItselfAndHeedsALogout) {
  SignerProcess process(signer.path(), signer.socket());
  process.start();
  std::optional<SignerConnection> connection;
  while (!connection) {
    if (auto opened = SignerConnection::open(signer.socket())) connection.emplace(*std::move(opened));
  }
  EXPECT_TRUE(connection->list_tokens()->front().active);
  ASSERT_TRUE(connection->logout("0").ok());
  EXPECT_FALSE(connection->list_tokens()->front().active);
  EXPECT_EQ(process.end(SIGTERM), 0);
}

TEST(SignerClient, GivesUpWhenNoSignerComes) {
  const TemporaryDirectory directory;
  net::IoThreads threads(1);
  const auto client =
      SignerClient::make(threads, (directory.path() / "signer.sock").string(), std::chrono::milliseconds(200));
  EXPECT_EQ(net::block_on(threads.at(0), client->version()).error().code, "io_error");
}

}  // namespace
}  // namespace causeway::signer
