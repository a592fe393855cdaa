// SPDX-License-Identifier: MIT
#include "signer/client.hpp"

#include <algorithm>
#include <boost/asio/dispatch.hpp>
#include <boost/json.hpp>
#include <map>

#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "net/coroutines.hpp"
#include "net/handoff.hpp"
#include "net/local_socket.hpp"
#include "signer/protocol.hpp"
#include "signer/token_json.hpp"

namespace causeway::signer {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

constexpr std::chrono::milliseconds kReconnectPause{50};
constexpr std::chrono::milliseconds kHelloTime{5000};

struct Frame {
  FrameType type;
  Bytes body;
};
using Reply = net::Handoff<Result<Frame>>;

net::Task<Result<std::pair<FrameHead, Bytes>>> read_frame(net::Stream& stream) {
  FrameHeadBytes bytes;
  if (auto read = co_await net::read_exactly(stream, bytes); !read) co_return read.error();
  Result<FrameHead> head = decode_head(bytes, kMaxAnswerSize);
  if (!head) co_return head.error();
  Bytes body(head->body_size);
  if (auto read = co_await net::read_exactly(stream, body); !read) co_return read.error();
  co_return std::pair{*head, std::move(body)};
}

// The connection of one thread. Requests wait here until they are answered or given up;
// while the signer is away they stay, and go out anew to the next one: all of them may
// be repeated without harm. Everything but call() happens on the thread of `context`.
class Channel : public std::enable_shared_from_this<Channel> {
 public:
  Channel(asio::io_context& context, std::string path) : context_(context), path_(std::move(path)) {}

  // From any thread.
  net::Task<Result<Frame>> call(std::string frame, std::chrono::milliseconds timeout) {
    const Reply reply;
    const auto ticket = std::make_shared<std::uint32_t>(0);
    asio::dispatch(context_, [self = shared_from_this(), frame = std::move(frame), reply, ticket]() mutable {
      *ticket = self->submit(std::move(frame), reply);
    });
    std::optional<Result<Frame>> answer = co_await reply.wait(timeout);
    if (answer) co_return *std::move(answer);
    asio::dispatch(context_, [self = shared_from_this(), ticket] { self->pending_.erase(*ticket); });
    co_return fault(FaultCode::io_error, "the signer did not answer within " + std::to_string(timeout.count()) +
                                             " ms; see that its process runs (socket " + path_ + ")");
  }

  void stop() {
    asio::dispatch(context_, [self = shared_from_this()] {
      self->stopped_ = true;
      if (self->stream_) self->stream_->cut();
    });
  }

 private:
  struct Pending {
    std::string frame;
    Reply reply;
  };

  std::uint32_t submit(std::string frame, const Reply& reply) {
    while (next_id_ == 0 || pending_.contains(next_id_)) ++next_id_;
    const std::uint32_t id = next_id_++;
    set_frame_id(frame, id);
    if (connected_) enqueue(frame);
    pending_.emplace(id, Pending{std::move(frame), reply});
    if (!running_) {
      running_ = true;
      net::spawn(context_, "signer client", [self = shared_from_this()] { return self->run(self); });
    }
    return id;
  }

  // `self` keeps the channel while this runs.
  net::Task<void> run(std::shared_ptr<Channel> self) {
    while (!stopped_ && !pending_.empty()) {
      Result<void> connected = co_await connect();
      if (connected) {
        for (const auto& [id, pending] : pending_) enqueue(pending.frame);
        co_await read_answers();
      } else if (connected.error().code == to_string(FaultCode::invalid_request)) {
        fail_all(connected.error());
      }
      connected_ = false;
      if (stream_) stream_->cut();
      while (writing_) co_await net::sleep_for(std::chrono::milliseconds(1));
      outbox_.clear();
      stream_.reset();
      if (!stopped_ && !pending_.empty()) co_await net::sleep_for(kReconnectPause);
    }
    running_ = false;
    if (stopped_) fail_all(fault(FaultCode::io_error, "the signer client was stopped"));
  }

  net::Task<Result<void>> connect() {
    auto stream = co_await net::connect_local(path_);
    if (!stream) co_return stream.error();
    stream_ = *std::move(stream);
    stream_->set_deadline(std::chrono::steady_clock::now() + kHelloTime);
    const std::string hello = encode_hello();
    if (auto sent = co_await stream_->write(as_bytes(hello)); !sent) co_return sent;
    auto answer = co_await read_frame(*stream_);
    if (!answer) co_return answer.error();
    if (answer->first.type != FrameType::hello)
      co_return fault(FaultCode::io_error, "the signer refused the connection");
    Result<std::uint16_t> version = decode_hello(answer->second);
    if (!version) co_return version.error();
    if (*version != kProtocolVersion)
      co_return fault(FaultCode::invalid_request, "the signer speaks protocol version " + std::to_string(*version) +
                                                      ", this program " + std::to_string(kProtocolVersion));
    stream_->set_deadline(std::chrono::steady_clock::time_point::max());
    connected_ = true;
    co_return Result<void>{};
  }

  net::Task<void> read_answers() {
    while (!stopped_) {
      auto answer = co_await read_frame(*stream_);
      if (!answer) {
        if (!stopped_ && !pending_.empty()) log::warn("signer: {}; connecting again", answer.error().text);
        co_return;
      }
      const auto found = pending_.find(answer->first.id);
      if (found == pending_.end()) continue;  // given up meanwhile
      const Reply reply = found->second.reply;
      pending_.erase(found);
      reply.complete(Frame{answer->first.type, std::move(answer->second)});
    }
  }

  void enqueue(const std::string& frame) {
    outbox_ += frame;
    if (writing_) return;
    writing_ = true;
    net::spawn(context_, "signer requests", [self = shared_from_this()] { return self->write(self); });
  }

  net::Task<void> write(std::shared_ptr<Channel> self) {
    while (connected_ && !outbox_.empty()) {
      const std::string octets = std::exchange(outbox_, {});
      if (!(co_await stream_->write(as_bytes(octets)))) break;  // the reader sees the end as well
    }
    writing_ = false;
  }

  void fail_all(const Fault& why) {
    for (const auto& [id, pending] : pending_) pending.reply.complete(why);
    pending_.clear();
  }

  asio::io_context& context_;
  const std::string path_;
  std::map<std::uint32_t, Pending> pending_;
  std::uint32_t next_id_ = 1;
  std::unique_ptr<net::Stream> stream_;
  std::string outbox_;
  bool connected_ = false, running_ = false, writing_ = false, stopped_ = false;
};

Fault unexpected_answer() { return fault(FaultCode::internal_error, "the signer's answer cannot be understood"); }

class SocketSignerClient : public SignerClient {
 public:
  SocketSignerClient(net::IoThreads& threads, const std::string& path, std::chrono::milliseconds timeout)
      : threads_(threads), timeout_(timeout) {
    for (std::size_t i = 0; i < threads.size(); ++i)
      channels_.push_back(std::make_shared<Channel>(threads.at(i), path));
  }
  ~SocketSignerClient() override {
    for (const auto& channel : channels_) channel->stop();
  }

  net::Task<Result<std::vector<Bytes>>> sign(std::string key_id, pki::SignatureAlgorithm algorithm,
                                             std::vector<Bytes> digests) override {
    const std::size_t size = pki::digest_size(algorithm.digest);
    if (!std::ranges::all_of(digests, [size](const Bytes& digest) { return digest.size() == size; }))
      co_return fault(FaultCode::internal_error, "a digest has not the length of its algorithm");
    std::vector<Bytes> signatures;
    for (std::size_t first = 0; first < digests.size(); first += kMaxDigests) {
      const auto part = std::span(digests).subspan(first, std::min(kMaxDigests, digests.size() - first));
      auto signed_part = co_await sign_part(key_id, algorithm, part);
      if (!signed_part) co_return signed_part.error();
      std::ranges::move(*signed_part, std::back_inserter(signatures));
    }
    co_return signatures;
  }

  net::Task<Result<std::vector<TokenInfo>>> tokens() override {
    Result<json::value> answer = co_await control({{"op", "tokens"}});
    if (!answer) co_return answer.error();
    const json::value* list = answer->is_object() ? answer->get_object().if_contains("tokens") : nullptr;
    if (list == nullptr) co_return unexpected_answer();
    co_return tokens_from_json(*list);
  }

  net::Task<Result<std::uint64_t>> version() override {
    Result<json::value> answer = co_await control({{"op", "version"}});
    if (!answer) co_return answer.error();
    const json::value* number = answer->is_object() ? answer->get_object().if_contains("version") : nullptr;
    if (number == nullptr || !number->is_number()) co_return unexpected_answer();
    boost::system::error_code error;
    const auto version = number->to_number<std::uint64_t>(error);
    if (error) co_return unexpected_answer();
    co_return version;
  }

  net::Task<Result<void>> enter_pin(std::string token_id, std::string pin) override {
    co_return outcome(co_await control({{"op", "login"}, {"token", token_id}, {"pin", pin}}));
  }
  net::Task<Result<void>> logout(std::string token_id) override {
    co_return outcome(co_await control({{"op", "logout"}, {"token", token_id}}));
  }

  net::Task<Result<pki::PrivateKey>> authentication_key(std::string key_id) override {
    Result<json::value> answer = co_await control({{"op", "authentication-key"}, {"key", key_id}});
    if (!answer) co_return answer.error();
    const json::value* pem = answer->is_object() ? answer->get_object().if_contains("pem") : nullptr;
    if (pem == nullptr || !pem->is_string()) co_return unexpected_answer();
    co_return pki::PrivateKey::from_pem(pem->get_string());
  }

 private:
  static Result<void> outcome(const Result<json::value>& answer) {
    if (!answer) return answer.error();
    return {};
  }

  // Runs on the thread of the caller, so the channel is that thread's own.
  net::Task<Result<Frame>> call(std::string frame) {
    co_return co_await channels_[threads_.current_index()]->call(std::move(frame), timeout_);
  }

  net::Task<Result<std::vector<Bytes>>> sign_part(const std::string& key_id, pki::SignatureAlgorithm algorithm,
                                                  std::span<const Bytes> digests) {
    std::string frame = encode_sign(0, key_id, algorithm, digests);
    Result<Frame> answer = co_await call(std::move(frame));
    if (!answer) co_return answer.error();
    if (answer->type == FrameType::fault) co_return decode_fault(answer->body);
    if (answer->type != FrameType::signatures) co_return unexpected_answer();
    Result<std::vector<Bytes>> signatures = decode_signatures(answer->body);
    if (!signatures) co_return signatures.error();
    if (signatures->size() != digests.size()) co_return unexpected_answer();
    co_return signatures;
  }

  net::Task<Result<json::value>> control(json::object request) {
    std::string frame = encode_frame(FrameType::control, 0, json::serialize(request));
    if (frame.size() > kMaxRequestSize) co_return fault(FaultCode::invalid_request, "too long for the signer");
    Result<Frame> answer = co_await call(std::move(frame));
    if (!answer) co_return answer.error();
    if (answer->type == FrameType::fault) co_return decode_fault(answer->body);
    boost::system::error_code error;
    json::value value = json::parse(as_text(answer->body), error);
    if (error || answer->type != FrameType::answer) co_return unexpected_answer();
    co_return value;
  }

  net::IoThreads& threads_;
  const std::chrono::milliseconds timeout_;
  std::vector<std::shared_ptr<Channel>> channels_;
};

}  // namespace

std::unique_ptr<SignerClient> SignerClient::make(net::IoThreads& threads, const std::string& socket_path,
                                                 std::chrono::milliseconds timeout) {
  return std::make_unique<SocketSignerClient>(threads, socket_path, timeout);
}

}  // namespace causeway::signer
