// SPDX-License-Identifier: MIT
// The coroutine type of everything that waits for network, signer or disk.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace causeway::net {

template <class T>
using Task = boost::asio::awaitable<T>;

}  // namespace causeway::net
