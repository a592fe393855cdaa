// SPDX-License-Identifier: MIT
#include "signer/server.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <cstring>
#include <filesystem>
#include <future>
#include <set>

#include "base/files.hpp"
#include "base/log.hpp"
#include "base/work_queue.hpp"
#include "domain/fault_code.hpp"
#include "net/coroutines.hpp"
#include "net/handoff.hpp"
#include "net/io_threads.hpp"
#include "net/local_socket.hpp"
#include "signer/control.hpp"
#include "signer/protocol.hpp"

namespace causeway::signer {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kPortion = 4;  // digests signed in one go
constexpr std::size_t kMaxHello = 256;

Result<void> prepare_directory(const std::filesystem::path& directory) {
  if (auto made = make_directories(directory); !made) return made;
  struct stat info{};
  if (::stat(directory.c_str(), &info) != 0 || info.st_uid != ::geteuid())
    return fault(FaultCode::io_error, "the socket's directory " + directory.string() + " belongs to another user");
  if ((info.st_mode & 0777) != 0700 && ::chmod(directory.c_str(), 0700) != 0)
    return fault(FaultCode::io_error, "chmod " + directory.string() + ": " + std::strerror(errno));
  return {};
}

// A peer that the kernel knows nothing of has no process.
bool is_allowed(const net::LocalPeer& peer) { return peer.process > 0 && (peer.user == ::geteuid() || peer.user == 0); }

// Lives on the I/O thread.
struct Connection {
  explicit Connection(net::Stream& its_stream) : stream(&its_stream) {}
  net::Stream* stream;  // outlives serve(), which outlives everything else that uses it
  std::string outbox;
  bool writing = false;
  std::size_t under_way = 0;               // requests without a written answer
  std::optional<net::Handoff<bool>> room;  // the reader waits for fewer of them
};
using ConnectionPtr = std::shared_ptr<Connection>;

// One sign request; workers take portions of it until none is left.
struct SigningJob {
  std::vector<Bytes> digests;
  pki::SignatureAlgorithm algorithm;
  std::shared_ptr<const SigningKey> key;
  std::vector<Bytes> signatures;
  std::atomic<std::size_t> next{0}, finished{0};
  std::mutex mutex;
  std::optional<Fault> failure;
  std::function<void(std::string)> answer;
  std::uint32_t id = 0;

  // False when nothing was left to take. Once `abandoned`, the rest only fails.
  bool work(bool abandoned) {
    const std::size_t first = next.fetch_add(kPortion);
    if (first >= digests.size()) return false;
    const std::size_t last = std::min(first + kPortion, digests.size());
    for (std::size_t i = first; i < last; ++i) {
      Result<Bytes> signature =
          abandoned ? fault(FaultCode::io_error, "the signer is stopping") : key->sign_digest(algorithm, digests[i]);
      if (signature) {
        signatures[i] = *std::move(signature);
        continue;
      }
      const std::scoped_lock lock(mutex);
      failure = signature.error();
    }
    if (finished.fetch_add(last - first) + (last - first) == digests.size())
      answer(failure ? encode_fault(id, *failure) : encode_signatures(id, signatures));
    return true;
  }
};

class Server : public SignerServer {
 public:
  Server(TokenManager& manager, Options options)
      : manager_(manager),
        options_(std::move(options)),
        signing_(options_.signing_threads > 0 ? options_.signing_threads
                                              : std::max(1U, std::thread::hardware_concurrency())) {}

  ~Server() override { stop(std::chrono::milliseconds(0)); }

  Result<void> listen() {
    const std::filesystem::path path = options_.socket_path;
    if (auto ready = prepare_directory(path.has_parent_path() ? path.parent_path() : "."); !ready) return ready;
    auto listener =
        net::LocalServer::start(io_.at(0), path.string(), 0600,
                                [this](net::Stream& stream, net::LocalPeer peer) { return admit(stream, peer); });
    if (!listener) return listener.error();
    listener_ = *std::move(listener);
    return {};
  }

  void stop(std::chrono::milliseconds grace) override {
    if (stopped_) return;
    stopped_ = true;
    net::block_on(io_.at(0), wind_down(grace));
    abandoned_ = true;
    listener_.reset();
    // Nothing of this server is left in the loop once what was posted before has run.
    std::promise<void> passed;
    asio::post(io_.at(0), [&passed] { passed.set_value(); });
    passed.get_future().wait();
    io_.stop();
  }

 private:
  net::Task<void> admit(net::Stream& stream, net::LocalPeer peer) {
    if (!is_allowed(peer)) {
      log::warn("a connection of user {} (process {}) was refused", peer.user, peer.process);
      co_return;
    }
    if (stopping_ || connections_.size() >= options_.max_connections) {
      log::warn("a connection was refused: there are {} already", connections_.size());
      co_return;
    }
    const auto connection = std::make_shared<Connection>(stream);
    connections_.insert(connection);
    co_await serve(connection);
    connections_.erase(connection);
  }

  net::Task<void> serve(ConnectionPtr connection) {
    Result<void> read = co_await greet(connection);
    while (read && !stopping_) read = co_await read_request(connection);
    const bool left = !read && (read.error().code == to_string(FaultCode::io_error) ||
                                read.error().code == to_string(FaultCode::network_error));
    if (!read && !left) {
      // Framing is lost: say why, and hear no more.
      log::warn("signer connection: {}", read.error().text);
      send(connection, encode_fault(0, read.error()));
    }
    co_await all_answered(connection);
    connection->stream->close_writing();
  }

  net::Task<Result<void>> greet(const ConnectionPtr& connection) {
    FrameHeadBytes bytes;
    if (auto read = co_await net::read_exactly(*connection->stream, bytes); !read) co_return read;
    Result<FrameHead> head = decode_head(bytes, kMaxHello);
    if (!head) co_return head.error();
    if (head->type != FrameType::hello) co_return fault(FaultCode::invalid_request, "a hello must come first");
    Bytes body(head->body_size);
    if (auto read = co_await net::read_exactly(*connection->stream, body); !read) co_return read;
    Result<std::uint16_t> version = decode_hello(body);
    if (!version) co_return version.error();
    send(connection, encode_hello());
    if (*version != kProtocolVersion)
      co_return fault(FaultCode::invalid_request,
                      "protocol version " + std::to_string(*version) + " is not spoken here");
    co_return Result<void>{};
  }

  net::Task<Result<void>> read_request(const ConnectionPtr& connection) {
    if (connection->under_way >= options_.max_requests_under_way)
      co_await fewer_than(connection, options_.max_requests_under_way);
    FrameHeadBytes bytes;
    if (auto read = co_await net::read_exactly(*connection->stream, bytes); !read) co_return read;
    Result<FrameHead> head = decode_head(bytes, kMaxRequestSize);
    if (!head) co_return head.error();
    if (head->type != FrameType::sign && head->type != FrameType::control)
      co_return fault(FaultCode::invalid_request, "not a request");
    Bytes body(head->body_size);
    if (auto read = co_await net::read_exactly(*connection->stream, body); !read) co_return read;
    ++connection->under_way;
    if (head->type == FrameType::sign)
      start_signing(connection, head->id, body);
    else
      start_control(connection, head->id, std::move(body));
    co_return Result<void>{};
  }

  // The way back of an answer, from any thread.
  std::function<void(std::string)> answer_to(ConnectionPtr connection) {
    return [this, connection = std::move(connection)](std::string frame) mutable {
      asio::dispatch(io_.at(0), [this, connection = std::move(connection), frame = std::move(frame)]() mutable {
        send(connection, std::move(frame));
        --connection->under_way;
        if (connection->room) connection->room->complete(true);
      });
    };
  }

  // A lone signature is made on the I/O thread: to hand it to another and back would take two
  // changes of thread, which on an idle machine are as dear as many signatures.
  bool is_alone(const Connection& connection, const SigningJob& job) const {
    return job.digests.size() == 1 && signing_under_way_ == 1 && connection.stream->quiet();
  }

  void start_signing(const ConnectionPtr& connection, std::uint32_t id, const Bytes& body) {
    ++signing_under_way_;
    const std::function<void(std::string)> answer = [this, reply = answer_to(connection)](std::string frame) {
      --signing_under_way_;
      reply(std::move(frame));
    };
    Result<SignRequest> request = decode_sign(body);
    if (!request) return answer(encode_fault(id, request.error()));
    auto key = manager_.signing_key(request->key_id);
    if (!key) return answer(encode_fault(id, key.error()));
    auto job = std::make_shared<SigningJob>();
    job->signatures.resize(request->digests.size());
    job->digests = std::move(request->digests);
    job->algorithm = request->algorithm;
    job->key = *std::move(key);
    job->answer = answer;
    job->id = id;
    if (is_alone(*connection, *job)) {
      job->work(abandoned_);
      return;
    }
    const std::size_t portions = (job->digests.size() + kPortion - 1) / kPortion;
    for (std::size_t i = 0; i < std::min(portions, signing_.threads()); ++i) push_portion(job);
  }

  // Each turn goes to the end of the queue again, so that calls share the threads.
  void push_portion(const std::shared_ptr<SigningJob>& job) {
    signing_.push([this, job] {
      if (job->work(abandoned_)) push_portion(job);
    });
  }

  void start_control(const ConnectionPtr& connection, std::uint32_t id, Bytes body) {
    WorkQueue& queue = only_reads(as_text(body)) ? signing_ : management_;
    queue.push([this, id, body = std::move(body), answer = answer_to(connection)]() mutable {
      Result<std::string> result = handle_control(manager_, as_text(body));
      if (!body.empty()) ::explicit_bzero(body.data(), body.size());  // may hold a PIN
      if (!result) return answer(encode_fault(id, result.error()));
      if (result->size() + kFrameHeadSize > kMaxAnswerSize)
        return answer(encode_fault(id, fault(FaultCode::internal_error, "the answer is too long")));
      answer(encode_frame(FrameType::answer, id, *result));
    });
  }

  void send(const ConnectionPtr& connection, std::string_view frame) {
    connection->outbox += frame;
    if (connection->writing) return;
    connection->writing = true;
    net::spawn(io_.at(0), "signer answers", [connection] { return write(connection); });
  }

  static net::Task<void> write(ConnectionPtr connection) {
    bool working = true;
    while (working && !connection->outbox.empty()) {
      const std::string octets = std::exchange(connection->outbox, {});
      working = (co_await connection->stream->write(as_bytes(octets))).ok();
    }
    // After a failure the reader will see the end too; answers to come find no taker.
    connection->outbox.clear();
    connection->writing = false;
    if (connection->room) connection->room->complete(true);
  }

  net::Task<void> fewer_than(ConnectionPtr connection, std::size_t limit) {
    while (connection->under_way >= limit || connection->writing) {
      const net::Handoff<bool> room = connection->room.emplace();
      co_await room.wait();
      connection->room.reset();
    }
  }
  net::Task<void> all_answered(ConnectionPtr connection) { return fewer_than(std::move(connection), 1); }

  net::Task<void> wind_down(std::chrono::milliseconds grace) {
    stopping_ = true;
    const auto until = std::chrono::steady_clock::now() + grace;
    const auto busy = [this] {
      return std::ranges::any_of(connections_, [](const auto& each) { return each->under_way > 0 || each->writing; });
    };
    while (busy() && std::chrono::steady_clock::now() < until) co_await net::sleep_for(std::chrono::milliseconds(5));
  }

  TokenManager& manager_;
  const Options options_;
  net::IoThreads io_{1};
  std::unique_ptr<net::LocalServer> listener_;
  std::set<ConnectionPtr> connections_;
  bool stopping_ = false;  // on the I/O thread
  std::atomic<std::size_t> signing_under_way_ = 0;
  std::atomic<bool> abandoned_ = false;
  bool stopped_ = false;  // by the owner
  // Last, so that their threads end first: their work speaks to what stands above.
  WorkQueue management_{1};
  WorkQueue signing_;
};

}  // namespace

Result<std::unique_ptr<SignerServer>> SignerServer::start(TokenManager& manager, Options options) {
  auto server = std::make_unique<Server>(manager, std::move(options));
  if (auto listening = server->listen(); !listening) return listening.error();
  return std::unique_ptr<SignerServer>(std::move(server));
}

}  // namespace causeway::signer
