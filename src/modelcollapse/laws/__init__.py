"""Laws, one file each; `LAWS` lists them all, in the order in which they are asked."""

from modelcollapse.laws.accumulated_law import AccumulatedFreshLaw
from modelcollapse.laws.amplified_scale import AmplifiedScaleLaw
from modelcollapse.laws.ancestry import AncestryLaw
from modelcollapse.laws.base import Answer, Law
from modelcollapse.laws.first_loss import FirstLossLaw
from modelcollapse.laws.first_loss_product import FirstLossProduct
from modelcollapse.laws.frequency_variance import FrequencyVarianceLaw
from modelcollapse.laws.fresh_law import FreshAncestryLaw
from modelcollapse.laws.galton_watson import GaltonWatsonLaw
from modelcollapse.laws.gaussian_law import GaussianMomentsLaw
from modelcollapse.laws.immigration_law import ImmigrationLaw, ImmigrationLimit
from modelcollapse.laws.kimura import KimuraLaw
from modelcollapse.laws.lyapunov_law import LyapunovLaw
from modelcollapse.laws.pooled_law import PooledAncestryLaw
from modelcollapse.laws.principal_scales_limit import PrincipalScalesLimit
from modelcollapse.laws.regression_error import RegressionErrorLaw
from modelcollapse.laws.regression_limit import RegressionLimit
from modelcollapse.laws.sampled_law import SampledLaw
from modelcollapse.laws.scale_law import LogScaleLaw
from modelcollapse.laws.second_order import SecondOrderLaw
from modelcollapse.laws.smoothed_law import SmoothedAncestryLaw
from modelcollapse.laws.smoothed_moments import SmoothedMomentsLaw
from modelcollapse.laws.squared_error import SquaredErrorLaw
from modelcollapse.laws.subsampled_law import SubsampledAncestryLaw
from modelcollapse.laws.two_moments import TwoMomentLaw
from modelcollapse.laws.zipf_law import ZipfLaw

LAWS: tuple[Law, ...] = (
    AncestryLaw(),
    FreshAncestryLaw(),
    PooledAncestryLaw(),
    SubsampledAncestryLaw(),
    AccumulatedFreshLaw(),
    SmoothedAncestryLaw(),
    GaltonWatsonLaw(),
    ImmigrationLaw(),
    FirstLossLaw(),
    SquaredErrorLaw(),
    FrequencyVarianceLaw(),
    SmoothedMomentsLaw(),
    RegressionErrorLaw(),
    GaussianMomentsLaw(),
    TwoMomentLaw(),
    LogScaleLaw(),
    AmplifiedScaleLaw(),
    SampledLaw(),
    LyapunovLaw(),
    FirstLossProduct(),
    SecondOrderLaw(),
    KimuraLaw(),
    ImmigrationLimit(),
    PrincipalScalesLimit(),
    ZipfLaw(),
    RegressionLimit(),
)

__all__ = ["LAWS", "Answer", "Law"]
