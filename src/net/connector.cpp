// SPDX-License-Identifier: MIT
#include "net/connector.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>

#include "domain/fault_code.hpp"

namespace causeway::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Kept alive by the handlers of its runners, which end when the race is over.
class Race : public std::enable_shared_from_this<Race> {
 public:
  Race(const asio::any_io_executor& executor, std::vector<Endpoint> endpoints)
      : endpoints_(std::move(endpoints)), over_(executor) {
    for (std::size_t i = 0; i < endpoints_.size(); ++i) runners_.emplace_back(executor);
  }

  void start() {
    running_ = runners_.size();
    for (std::size_t i = 0; i < runners_.size(); ++i) begin(i);
  }

  Task<Result<Connected>> wait(std::chrono::milliseconds limit) {
    over_.expires_after(limit);
    if (!winner_ && running_ > 0) co_await over_.async_wait(asio::as_tuple(asio::use_awaitable));
    const bool in_time = winner_ || running_ == 0;
    stop();
    if (winner_) co_return Connected{*winner_, Transport::Socket(std::move(runners_[*winner_].socket))};
    if (!in_time) co_return fault(FaultCode::network_error, names() + ": no answer in time");
    const FaultCode code = any_resolved_ ? FaultCode::network_error : FaultCode::unknown_host;
    co_return fault(code, names() + ": " + last_error_.message());
  }

 private:
  struct Runner {
    explicit Runner(const asio::any_io_executor& executor) : resolver(executor), socket(executor) {}
    tcp::resolver resolver;
    tcp::socket socket;
  };

  void begin(std::size_t index) {
    const Endpoint& endpoint = endpoints_[index];
    boost::system::error_code not_numeric;
    const auto address = asio::ip::make_address(endpoint.host, not_numeric);
    if (!not_numeric) {
      any_resolved_ = true;
      connect(index, {tcp::endpoint(address, endpoint.port)});
      return;
    }
    runners_[index].resolver.async_resolve(
        endpoint.host, std::to_string(endpoint.port), tcp::resolver::numeric_service,
        [self = shared_from_this(), index](const boost::system::error_code& error,
                                           const tcp::resolver::results_type& found) {
          if (self->done_) return;
          if (error) return self->lost(error);
          self->any_resolved_ = true;
          std::vector<tcp::endpoint> addresses;
          for (const auto& entry : found) addresses.push_back(entry.endpoint());
          self->connect(index, std::move(addresses));
        });
  }

  void connect(std::size_t index, std::vector<tcp::endpoint> addresses) {
    auto kept = std::make_shared<std::vector<tcp::endpoint>>(std::move(addresses));
    asio::async_connect(
        runners_[index].socket, *kept,
        [self = shared_from_this(), index, kept](const boost::system::error_code& error, const tcp::endpoint&) {
          if (self->done_) return;
          if (error) return self->lost(error);
          boost::system::error_code ignored;
          self->runners_[index].socket.set_option(tcp::no_delay(true), ignored);
          self->winner_ = index;
          self->stop();
        });
  }

  void lost(const boost::system::error_code& error) {
    last_error_ = error;
    if (--running_ == 0) over_.cancel();
  }

  void stop() {
    if (done_) return;
    done_ = true;
    over_.cancel();
    for (std::size_t i = 0; i < runners_.size(); ++i) {
      if (winner_ == i) continue;
      boost::system::error_code ignored;
      runners_[i].resolver.cancel();
      runners_[i].socket.close(ignored);
    }
  }

  std::string names() const {
    std::string text = "connecting to";
    for (const Endpoint& endpoint : endpoints_) text += " " + endpoint.host + ":" + std::to_string(endpoint.port);
    return text;
  }

  std::vector<Endpoint> endpoints_;
  std::vector<Runner> runners_;
  asio::steady_timer over_;
  std::size_t running_ = 0;
  bool any_resolved_ = false;
  bool done_ = false;
  std::optional<std::size_t> winner_;
  boost::system::error_code last_error_;
};

}  // namespace

Task<Result<Connected>> connect_fastest(std::vector<Endpoint> endpoints, std::chrono::milliseconds limit) {
  if (endpoints.empty()) co_return fault(FaultCode::network_error, "no address to connect to");
  const auto race = std::make_shared<Race>(co_await asio::this_coro::executor, std::move(endpoints));
  race->start();
  co_return co_await race->wait(limit);
}

}  // namespace causeway::net
