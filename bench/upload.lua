-- Uploads for wrk: sends prepared requests in turn, each time with another number in them, and checks every answer.
--
--   wrk -t1 ... -s upload.lua URL -- FILE LENGTH NAME CONTENT CHECKSUM SEED STATUS
--
-- FILE holds requests of LENGTH bytes each. A number of 16 digits goes to the offsets NAME (of the file) and
-- CONTENT; where CHECKSUM is not 0 (a PNG) the CRC-32 from there to the number's end follows it, big-endian.
-- SEED sets the numbers of one run apart from another's; an answer whose status is not STATUS is an error.
-- The last line printed is a JSON object; `first` is the first wrong answer in hexadecimal.

local bit = require("bit")
local band, bxor, rshift = bit.band, bit.bxor, bit.rshift
local byte, char, format = string.byte, string.char, string.format

local DIGITS = 16
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

local crc_table = {}
for at = 0, 255 do
  local value = at
  for _ = 1, 8 do
    value = bxor(rshift(value, 1), band(value, 1) == 1 and 0xEDB88320 or 0)
  end
  crc_table[at] = value
end

local function crc(state, text)
  for at = 1, #text do
    state = bxor(crc_table[band(bxor(state, byte(text, at)), 255)], rshift(state, 8))
  end
  return state
end

local function big_endian(value)
  return char(rshift(value, 24), band(rshift(value, 16), 255), band(rshift(value, 8), 255), band(value, 255))
end

local requests = {}
local number = 0
local seed, expected
accepted, wrong, first = 0, 0, ""

function init(args)
  local length, name, content, checksum = tonumber(args[2]), tonumber(args[3]), tonumber(args[4]), tonumber(args[5])
  seed, expected = tonumber(args[6]), tonumber(args[7])
  local file = assert(io.open(args[1], "rb"))
  while true do
    local whole = file:read(length)
    if not whole then break end
    local after = content + DIGITS
    local part = {before = whole:sub(1, name), between = whole:sub(name + DIGITS + 1, content)}
    if checksum > 0 then
      part.crc = crc(bit.bnot(0), whole:sub(checksum + 1, content))
      after = after + 4
    end
    part.rest = whole:sub(after + 1)
    table.insert(requests, part)
  end
  file:close()
end

function request()
  number = number + 1
  local part = requests[number % #requests + 1]
  local digits = format("%06d%010d", seed, number)
  local sum = part.crc and big_endian(bit.bnot(crc(part.crc, digits))) or ""
  return part.before .. digits .. part.between .. digits .. sum .. part.rest
end

function response(status, headers, body)
  if status == expected then
    accepted = accepted + 1
  else
    wrong = wrong + 1
    if first == "" then first = format("%d %s", status, body:sub(1, 300)) end
  end
end

function done(summary, latency, _)
  local accepted, wrong, first = 0, 0, ""
  for _, thread in ipairs(threads) do
    accepted, wrong = accepted + thread:get("accepted"), wrong + thread:get("wrong")
    if first == "" then first = thread:get("first") end
  end
  local e = summary.errors
  io.write(format('\n{"accepted": %d, "wrong": %d, "broken": %d, "seconds": %f, "median": %f, "slow": %f, "first": "%s"}\n',
    accepted, wrong, e.connect + e.read + e.write + e.timeout, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    first:gsub(".", function(c) return format("%02x", byte(c)) end)))
end
