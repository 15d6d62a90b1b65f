"""Laws, one file each; `LAWS` lists them all, in the order in which they are asked."""

from modelcollapse.laws.ancestry import AncestryLaw
from modelcollapse.laws.base import Answer, Law
from modelcollapse.laws.first_loss import FirstLossLaw
from modelcollapse.laws.first_loss_product import FirstLossProduct
from modelcollapse.laws.galton_watson import GaltonWatsonLaw
from modelcollapse.laws.gaussian_law import GaussianMomentsLaw
from modelcollapse.laws.kimura import KimuraLaw
from modelcollapse.laws.lyapunov_law import LyapunovLaw
from modelcollapse.laws.sampled_law import SampledLaw
from modelcollapse.laws.scale_law import LogScaleLaw
from modelcollapse.laws.second_order import SecondOrderLaw
from modelcollapse.laws.squared_error import SquaredErrorLaw
from modelcollapse.laws.zipf_law import ZipfLaw

LAWS: tuple[Law, ...] = (
    AncestryLaw(),
    GaltonWatsonLaw(),
    FirstLossLaw(),
    SquaredErrorLaw(),
    GaussianMomentsLaw(),
    LogScaleLaw(),
    SampledLaw(),
    LyapunovLaw(),
    FirstLossProduct(),
    SecondOrderLaw(),
    KimuraLaw(),
    ZipfLaw(),
)

__all__ = ["LAWS", "Answer", "Law"]
