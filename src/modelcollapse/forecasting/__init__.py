"""The main job: from a corpus to which of its words recursive training forgets, and when."""

from modelcollapse.forecasting.answer import LEVELS, check_request, forecast
from modelcollapse.forecasting.result import CountForecast, Forecast, WordForecast

__all__ = ["LEVELS", "CountForecast", "Forecast", "WordForecast", "check_request", "forecast"]
