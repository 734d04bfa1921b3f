import { bars } from "./bars.js";
import { curve } from "./curve.js";
import { heat } from "./heat.js";
import { load } from "./load.js";
import { timeline } from "./timeline.js";

globalThis.crywolfCharts = { bars, curve, heat, load, timeline };
